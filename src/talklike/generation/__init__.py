"""A voice → text, without torch: runtime, sampling, stopping, streaming."""
