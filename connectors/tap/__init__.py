"""What crosses the wire of a client library, handed to an `ExchangeSink`."""
