import AWSClient
import AWSModel
import AWSProtocols
import AWSTypes
import TerminalUI
import Views

/// A console on another endpoint: another Skua, AWS's emulator, LocalStack, moto, or AWS itself.
struct RemoteConnection: Sendable {
    var endpoint: String?
    var region: String
    var accessKeyID: String?
    var profile: String?
    var certificatePath: String?
    var isReadOnly = false

    func makeClient() throws -> AWSClient {
        var configuration: HTTPTransport.Configuration
        let transport: HTTPTransport
        do {
            configuration = try HTTPTransport.Configuration(
                profile: Profile(name: profile), endpointURL: endpoint, region: region)
            if let accessKeyID, profile == nil {
                configuration.credentials = Credentials(accessKeyID: accessKeyID, secretAccessKey: accessKeyID)
            }
            if let certificatePath { configuration.caFile = certificatePath }
            transport = try HTTPTransport(configuration)
        } catch {
            throw Failure(error.message, .unavailable)
        }
        return AWSClient(transport: isReadOnly ? ReadOnlyTransport(inner: transport) : transport)
    }

    func session(_ appearance: AppearanceOptions, open: String) async throws -> ConsoleSession {
        let client = try makeClient()
        let identity: STS.GetCallerIdentityResponse
        do {
            identity = try await client.call(STS.getCallerIdentity, STS.GetCallerIdentityRequest())
        } catch {
            throw Failure("\(endpoint ?? "AWS") cannot be used: \(error)", .unavailable)
        }
        let hasEngine = (try? await client.isSkuaEngine()) ?? false
        return ConsoleSession(
            client: client, accountID: identity.account ?? "unknown", region: region,
            endpointName: endpoint ?? "AWS", profile: profile,
            capabilities: ConnectionCapabilities(hasEngine: hasEngine, isReadOnly: isReadOnly),
            appearance: appearance, openAt: ScreenAddress(command: open))
    }

    func runConsole(_ appearance: AppearanceOptions, open: String) async throws {
        try await session(appearance, open: open).run()
    }
}

/// Lets only looking through.
struct ReadOnlyTransport: Transport {
    let inner: any Transport

    func send(
        service: ServiceModel, operation: OperationModel, input: DocumentObject
    ) async throws(AWSError) -> DocumentObject {
        guard operation.isObservation else {
            throw AWSError(
                "AccessDeniedException", "The console is read-only: \(operation.name) would change something.")
        }
        return try await inner.send(service: service, operation: operation, input: input)
    }
}
