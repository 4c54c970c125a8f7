"""The application: wires connectors, storage and schedules."""
