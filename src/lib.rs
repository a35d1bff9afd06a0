//! An embeddable Python object runtime with a pickle that follows CPython to the byte.
