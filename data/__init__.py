"""What do we know? Files in, validated frames, tables, exports."""
