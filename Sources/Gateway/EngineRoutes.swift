import AWSModel
import AWSProtocols
import Emulation

/// Paths that are no AWS operation: below `/_skua/` a health check and the archives that `GetFunction` points to, and with
/// test hooks moto's own address for wiping the world, so that suites written for its server run here.
enum EngineRoutes {
    static func answer(_ request: WireRequest, core: EngineCore) -> WireResponse? {
        // AWS serves the certificate of its notifications at the root of the endpoint.
        if request.path == SNSService.certificatePath, let pem = core.service(SNSService.self)?.certificate {
            return WireResponse(
                status: 200, headers: ["content-type": "application/x-pem-file"], body: Array(pem.utf8))
        }
        if core.configuration.hasTestHooks, request.path.hasPrefix("/moto-api/") { return testHook(request, core) }
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

    private static func testHook(_ request: WireRequest, _ core: EngineCore) -> WireResponse {
        func answer(_ status: Int, _ text: String) -> WireResponse {
            WireResponse(
                status: status, headers: ["content-type": "application/json"],
                body: JSONWriter.bytes([status == 200 ? "status" : "message": .string(text)]))
        }
        guard request.method == "POST", request.path == "/moto-api/reset" else {
            return answer(404, "\(request.path) is unknown.")
        }
        do throws(StorageError) {
            try core.reset()
        } catch {
            return answer(500, error.description)
        }
        return answer(200, "ok")
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
