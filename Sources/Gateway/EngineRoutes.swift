import AWSModel
import AWSProtocols
import Emulation

/// Paths below `/_skua/` that are no AWS operation: a health check, and the archives that `GetFunction` points to.
enum EngineRoutes {
    static func answer(_ request: WireRequest, core: EngineCore) -> WireResponse? {
        // AWS serves the certificate of its notifications at the root of the endpoint.
        if request.path == SNSService.certificatePath, let pem = core.service(SNSService.self)?.certificate {
            return WireResponse(
                status: 200, headers: ["content-type": "application/x-pem-file"], body: Array(pem.utf8))
        }
        guard request.path.hasPrefix("/_skua/") else { return nil }
        let parts = request.path.split(separator: "/").dropFirst().map(String.init)
        if parts == ["health"] { return health(core) }
        if parts.count == 3, parts[0] == "lambda", parts[1] == "code",
            let bytes = core.service(LambdaService.self)?.codeArchive(token: parts[2])
        {
            return WireResponse(status: 200, headers: ["content-type": "application/zip"], body: bytes)
        }
        return WireResponse(
            status: 404, headers: ["content-type": "application/json"],
            body: JSONWriter.bytes(["message": .string("\(request.path) is unknown.")]))
    }

    private static func health(_ core: EngineCore) -> WireResponse {
        let document: DocumentObject = [
            "status": "running", "version": .string(core.configuration.version),
            "services": .list(core.allServices.map { .string(type(of: $0).id.rawValue) }),
        ]
        return WireResponse(
            status: 200, headers: ["content-type": "application/json"], body: JSONWriter.bytes(.object(document)))
    }
}
