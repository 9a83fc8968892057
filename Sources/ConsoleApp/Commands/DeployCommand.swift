import AWSClient
import AWSModel
import AWSTypes
import ArgumentParser
import Emulation
import Foundation

struct DeployCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy", abstract: "Create or update a Lambda function from a folder or a single file.",
        discussion: "Goes to the running engine of the world, or to --endpoint.")

    @Argument(help: "The function's name.")
    var name: String

    @Argument(help: "A folder with the code, or one source file.")
    var path: String

    @Option(name: .long, help: "Such as python3.13, nodejs22.x or provided.al2023. Needed for a new function.")
    var runtime: String?

    @Option(name: .long, help: "Such as index.handler. Needed for a new function.")
    var handler: String?

    @Option(name: .long, help: "The execution role's ARN.")
    var role: String?

    @Option(name: .long, help: "MB, 128 to 10240.")
    var memory: Int?

    @Option(name: .long, help: "Seconds, 1 to 900.")
    var timeout: Int?

    @Option(name: .long, help: "NAME=VALUE; may be given more than once.")
    var env: [String] = []

    @Option(name: .long, help: "The world's directory.")
    var world: String?

    @Option(name: .long, help: "Another endpoint instead of a world's engine.")
    var endpoint: String?

    @Option(name: .long, help: "The region.")
    var region = "us-east-1"

    func validate() throws {
        guard env.allSatisfy({ $0.contains("=") && !$0.hasPrefix("=") }) else {
            throw ValidationError("--env takes NAME=VALUE.")
        }
    }

    func run() async throws {
        try await ending {
            guard let place = endpoint ?? WorldDirectory(argument: world).endpoint else {
                throw Failure(
                    "No engine is running on this world. Start 'skua' or 'skua serve' first, or give --endpoint.",
                    .unavailable)
            }
            let client = try RemoteConnection(endpoint: place, region: region).makeClient()
            let archive = try deploymentPackage()
            do {
                try await deploy(archive, client)
            } catch let error as AWSError {
                throw Failure(error.description)
            }
        }
    }

    private func deploymentPackage() throws -> [UInt8] {
        let place = URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) else {
            throw Failure("There is no \(path).", .usage)
        }
        if isFolder.boolValue {
            guard let archive = LambdaService.deploymentPackage(folder: place.path) else {
                throw Failure("The folder \(path) cannot be read.", .usage)
            }
            return archive
        }
        guard let text = try? String(contentsOf: place, encoding: .utf8) else {
            throw Failure("\(path) is no text file.", .usage)
        }
        return LambdaService.deploymentPackage(sources: [place.lastPathComponent: text])
    }

    private func deploy(_ archive: [UInt8], _ client: AWSClient) async throws {
        do {
            let current = try await client.call(
                Lambda.updateFunctionCode, Lambda.UpdateFunctionCodeRequest(functionName: name, zipFile: archive))
            try await client.waitUntilFunctionIsReady(name)
            if runtime != nil || handler != nil || role != nil || memory != nil || timeout != nil || !env.isEmpty {
                _ = try await client.call(
                    Lambda.updateFunctionConfiguration,
                    Lambda.UpdateFunctionConfigurationRequest(
                        functionName: name, role: role, handler: handler, timeout: timeout, memorySize: memory,
                        environment: environment, runtime: runtime))
                try await client.waitUntilFunctionIsReady(name)
            }
            StandardOutput.write("updated \(current.functionArn ?? name)")
        } catch let error as AWSError {
            guard error.code == "ResourceNotFoundException" else { throw error }
            try await create(archive, client)
        }
    }

    private func create(_ archive: [UInt8], _ client: AWSClient) async throws {
        guard let runtime, let handler else {
            throw Failure("\(name) is new: say its --runtime and --handler.", .usage)
        }
        let identity = try await client.call(STS.getCallerIdentity, STS.GetCallerIdentityRequest())
        let made = try await client.call(
            Lambda.createFunction,
            Lambda.CreateFunctionRequest(
                functionName: name, runtime: runtime,
                role: role ?? "arn:aws:iam::\(identity.account ?? "123456789012"):role/\(name)", handler: handler,
                code: Lambda.FunctionCode(zipFile: archive), timeout: timeout, memorySize: memory,
                environment: environment))
        try await client.waitUntilFunctionIsReady(name)
        StandardOutput.write("created \(made.functionArn ?? name)")
    }

    private var environment: Lambda.Environment? {
        guard !env.isEmpty else { return nil }
        var variables: [String: String] = [:]
        for pair in env {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            variables[String(halves[0])] = String(halves[1])
        }
        return Lambda.Environment(variables: variables)
    }
}
