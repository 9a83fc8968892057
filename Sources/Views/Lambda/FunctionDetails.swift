import AWSClient
import AWSModel
import AWSTypes

/// One statement of a function's resource policy: who may call it.
struct PolicyStatement: Identifiable, Hashable, Sendable {
    var id: String
    var effect: String
    var principal: String
    var action: String
    var sourceARN: String?

    /// AWS: the policy comes as JSON text; a principal is `*`, or an object with `Service` or `AWS`.
    static func parse(_ policy: String?) -> [PolicyStatement] {
        guard let policy, let document = try? JSONReader.parse(policy), let statements = document["Statement"]?.list
        else { return [] }
        return statements.enumerated().map { index, statement in
            let principal = statement["Principal"]
            let named = principal?["Service"] ?? principal?["AWS"] ?? principal
            var source: String?
            for (_, condition) in statement["Condition"]?.object ?? [:] {
                for (key, value) in condition.object ?? [:] where key.lowercased() == "aws:sourcearn" {
                    source = value.string
                }
            }
            return PolicyStatement(
                id: statement["Sid"]?.string ?? "#\(index + 1)", effect: statement["Effect"]?.string ?? "Allow",
                principal: named?.string ?? "–", action: statement["Action"]?.string ?? "–", sourceARN: source)
        }
    }
}

/// All that the screen of a function shows of its configuration, fetched at once.
struct FunctionDetails: Sendable {
    var configuration: Lambda.FunctionConfiguration
    var tags: [String: String] = [:]
    var reservedConcurrency: Int?
    /// Environments kept ready, by alias or version.
    var provisioned: [Lambda.ProvisionedConcurrencyConfigListItem] = []
    var mappings: [Lambda.EventSourceMappingConfiguration] = []
    var invokeConfig: Lambda.FunctionEventInvokeConfig?
    var policy: [PolicyStatement] = []
    var rolePolicies: [String] = []
    /// What the role's policies say; empty where the endpoint does not tell.
    var policies: [HeldPolicy] = []
    /// Calls that policies did not allow, to the function or by it.
    var denials: [Reason] = []
    var functionURL: String?
    var aliases: [Lambda.AliasConfiguration] = []
    var versions: [Lambda.FunctionConfiguration] = []
    var codeLocation: String?
    var hasEngine = true

    var name: String { configuration.functionName ?? "" }
    var arn: String { configuration.functionArn ?? "" }
    var logGroup: String { Self.logGroup(of: configuration) }
    /// `1 alias`, `2 aliases`
    var aliasCount: String { aliases.count == 1 ? "1 alias" : "\(aliases.count) aliases" }
    var layers: [String] { (configuration.layers ?? []).compactMap(\.arn) }

    /// Numbers of published versions, the newest first.
    var publishedVersions: [String] {
        versions.compactMap(\.version).filter { $0 != "$LATEST" }.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }
    }

    /// Aliases and versions that have no environments kept ready. AWS: $LATEST never has.
    var unprovisioned: [String] {
        let taken = Set(provisioned.map { ResourceName.last(of: $0.functionArn ?? "") })
        return (aliases.compactMap(\.name) + publishedVersions).filter { !taken.contains($0) }
    }

    /// AWS: `/aws/lambda/NAME` unless the logging configuration names another.
    static func logGroup(of configuration: Lambda.FunctionConfiguration) -> String {
        configuration.loggingConfig?.logGroup ?? "/aws/lambda/\(configuration.functionName ?? "")"
    }

    /// - Throws: `AWSError` if the function itself cannot be read. What else an endpoint lacks is left empty.
    static func load(_ name: String, _ context: ConsoleContext) async throws -> FunctionDetails {
        let aws = context.aws
        let function = try await aws.call(Lambda.getFunction, .init(functionName: name))
        var details = FunctionDetails(
            configuration: function.configuration ?? Lambda.FunctionConfiguration(functionName: name))
        details.hasEngine = context.capabilities.hasEngine
        details.tags = function.tags ?? [:]
        details.reservedConcurrency = function.concurrency?.reservedConcurrentExecutions
        details.codeLocation = function.code?.location
        async let mappings = try? aws.call(Lambda.listEventSourceMappings, .init(functionName: name))
            .eventSourceMappings
        async let invokeConfig = try? aws.call(Lambda.getFunctionEventInvokeConfig, .init(functionName: name))
        async let policy = try? aws.call(Lambda.getPolicy, .init(functionName: name)).policy
        async let provisioned = try? aws.call(Lambda.listProvisionedConcurrencyConfigs, .init(functionName: name))
            .provisionedConcurrencyConfigs
        async let url = try? aws.call(Lambda.getFunctionUrlConfig, .init(functionName: name)).functionUrl
        async let aliases = try? aws.call(Lambda.listAliases, .init(functionName: name)).aliases
        async let versions = allVersions(name, aws)
        details.mappings = (await mappings ?? []).sorted { ($0.eventSourceArn ?? "") < ($1.eventSourceArn ?? "") }
        details.invokeConfig = await invokeConfig
        details.policy = PolicyStatement.parse(await policy)
        details.functionURL = await url
        details.provisioned = (await provisioned ?? []).sorted { ($0.functionArn ?? "") < ($1.functionArn ?? "") }
        details.aliases = (await aliases ?? []).sorted { ($0.name ?? "") < ($1.name ?? "") }
        details.versions = await versions
        details.rolePolicies = await policies(ofRole: details.configuration.role, aws)
        if let role = details.configuration.role.flatMap({ ARN($0) })?.resource, !details.rolePolicies.isEmpty {
            let name = ResourceName.last(of: role)
            details.policies = (try? await HeldPolicy.all(of: .role, name, boundary: nil, aws)) ?? []
        }
        if details.hasEngine {
            let reasons = (try? await Reason.explain(details.arn, item: nil, context)) ?? []
            details.denials = reasons.filter { ["AccessDenied", "WouldBeDenied"].contains($0.rule) }
        }
        return details
    }

    private static func allVersions(_ name: String, _ aws: AWSClient) async -> [Lambda.FunctionConfiguration] {
        var versions: [Lambda.FunctionConfiguration] = []
        var marker: String?
        repeat {
            guard
                let page = try? await aws.call(Lambda.listVersionsByFunction, .init(functionName: name, marker: marker))
            else { break }
            versions += page.versions ?? []
            marker = page.nextMarker
        } while marker != nil && !Task.isCancelled
        return versions.sorted { (Int($0.version ?? "") ?? .max) > (Int($1.version ?? "") ?? .max) }
    }

    private static func policies(ofRole arn: String?, _ aws: AWSClient) async -> [String] {
        guard let name = arn.flatMap({ ARN($0) })?.resource.split(separator: "/").last.map(String.init) else {
            return []
        }
        let attached = try? await aws.call(IAM.listAttachedRolePolicies, .init(roleName: name)).attachedPolicies
        let inline = try? await aws.call(IAM.listRolePolicies, .init(roleName: name)).policyNames
        return (attached ?? []).compactMap(\.policyName) + (inline ?? []).map { "\($0) (inline)" }
    }
}
