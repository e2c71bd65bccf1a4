"""Tests of the parts that both apps' pages share."""
