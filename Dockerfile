# syntax=docker/dockerfile:1
# One image for every part of the site; compose.yaml says which command runs where.
#
#   docker build -t ocrsite .
#   docker build -t ocrsite:cuda --build-arg CUDA=12-6 \
#       --build-arg CMAKE_ARGS="-DGGML_NATIVE=OFF -DGGML_CUDA=on -DGGML_CUDA_NO_VMM=on" .
#
# GGML_CUDA_NO_VMM: without it the library wants the driver's libcuda.so.1, which is neither there while an image is built
# (the build breaks off) nor on a machine without a GPU (the model could not even run on the processor).

ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS base
# The version of CUDA as NVIDIA's Debian packages spell it, "12-6"; empty for an image without a GPU.
ARG CUDA=
ENV PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/opt/venv/bin:/usr/local/cuda/bin:$PATH
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl \
    && if [ -n "$CUDA" ]; then \
        curl -fsSLo /tmp/keyring.deb \
            https://developer.download.nvidia.com/compute/cuda/repos/debian12/x86_64/cuda-keyring_1.1-1_all.deb \
        && dpkg -i /tmp/keyring.deb && rm /tmp/keyring.deb; \
    fi \
    && rm -rf /var/lib/apt/lists/*

FROM base AS build
ARG CUDA=
# GGML_NATIVE=OFF: the image must also run on processors other than the one that builds it.
ARG CMAKE_ARGS="-DGGML_NATIVE=OFF"
RUN apt-get update && apt-get install -y --no-install-recommends cmake g++ \
        ${CUDA:+cuda-nvcc-$CUDA cuda-cudart-dev-$CUDA cuda-driver-dev-$CUDA libcublas-dev-$CUDA} \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/venv
COPY requirements.txt .
# Not from pip's cache, which does not tell a llama-cpp-python built for CUDA from one that was not.
RUN CMAKE_ARGS="$CMAKE_ARGS" pip install --no-cache-dir --no-binary llama-cpp-python --no-deps \
        "$(grep ^llama-cpp-python requirements.txt)"
RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt

FROM base
ARG CUDA=
# gcc: Aspose.OCR, when it is licensed, needs a small library compiled once (documents/ocr/openssl.py).
RUN apt-get update && apt-get install -y --no-install-recommends poppler-utils libgomp1 gcc libc6-dev tesseract-ocr \
        $(printf 'tesseract-ocr-%s ' cat ces dan deu eng fin fra hun ita nld nor pol por ron slk spa swe) \
        ${CUDA:+cuda-cudart-$CUDA libcublas-$CUDA} \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --user-group --create-home ocrsite \
    && install -d -o ocrsite -g ocrsite /data
COPY --from=build /opt/venv /opt/venv
COPY . /app
WORKDIR /app
USER ocrsite
ENV DATA_DIR=/data HOST=0.0.0.0 PORT=8000
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8000/healthz"]
CMD ["sh", "-c", "python manage.py bootstrap && exec gunicorn ocrsite.wsgi --no-control-socket --bind=0.0.0.0:8000 \
--worker-class=gthread --workers=${WEB_WORKERS:-2} --threads=${WEB_THREADS:-4} --timeout=120 --keep-alive=5 \
--worker-tmp-dir=/dev/shm"]
