"""Adapters to engines, one file per engine. They know nothing of industries, pages or guardrails."""
