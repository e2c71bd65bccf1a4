"""The station app: a village, township or outlet takes cases in, with or without a link."""
