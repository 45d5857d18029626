/* Aspose.OCR's runtime looks for OpenSSL 1.1; systems of today have OpenSSL 3. Of the functions that it needs, only
   these three have no counterpart of the same name there. Loaded under the soname libssl.so.1.1, before the runtime
   looks for it, this library gives it OpenSSL 3 with the three old names. Prototypes by hand: no headers needed. */

void ERR_new(void);
void ERR_set_debug(const char *file, int line, const char *func);
void ERR_set_error(int lib, int reason, const char *fmt, ...);
int EVP_MD_get_size(const void *md);
void *SSL_get1_peer_certificate(const void *ssl);

void ERR_put_error(int lib, int func, int reason, const char *file, int line)
{
    (void)func; /* OpenSSL 3 knows no function codes */
    ERR_new();
    ERR_set_debug(file, line, "");
    ERR_set_error(lib, reason, 0);
}

int EVP_MD_size(const void *md) { return EVP_MD_get_size(md); }

void *SSL_get_peer_certificate(const void *ssl) { return SSL_get1_peer_certificate(ssl); }
