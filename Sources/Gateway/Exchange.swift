import AWSModel
import AWSProtocols
import Emulation

/// One request on its way through the chain: each step adds what it found out.
struct Exchange {
    let request: WireRequest
    let origin: Origin
    var requestID: String
    var route: Route?
    var caller: Caller?
    var input = DocumentObject()

    /// `http://localhost:4566`, as the caller wrote it.
    var endpoint: String {
        let host = request.headers["host"].flatMap { $0.isEmpty ? nil : $0 } ?? origin.localName
        return "\(origin.scheme)://\(host)"
    }
}

extension Origin {
    var localName: String {
        guard let address = localAddress, let ip = address.ipAddress else { return "localhost" }
        return "\(ip):\(address.port ?? 80)"
    }

    var remoteIP: String { remoteAddress?.ipAddress ?? "127.0.0.1" }
}
