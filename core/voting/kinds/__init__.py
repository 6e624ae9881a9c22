"""This file is the kinds of ballot, one small file each."""
