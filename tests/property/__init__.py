"""Tests over generated inputs."""
