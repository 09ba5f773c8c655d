"""Bytes to cells and annotations (xlsx, xls, ods), with size limits and legacy encodings."""
