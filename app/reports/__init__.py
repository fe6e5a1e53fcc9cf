"""Reports, composed of measures."""
