"""Child processes that hold a native engine: warm, one request at a time, killable. A leaf: no Django."""
