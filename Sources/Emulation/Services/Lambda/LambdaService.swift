import AWSModel
import AWSTypes

/// AWS Lambda: functions, versions, aliases and layers, and the queues, limits and mappings that decide when they run.
///
/// What runs them is a ``FunctionRuntime``, reached through the engine's effects.
public final class LambdaService: Service {
    public static let id = Lambda.id
    public static let migrations = LambdaStore.migrations

    unowned let core: EngineCore
    var regions: [Scope: LambdaRegion] = [:]
    /// By environment, to find who a late event is about.
    var environmentOwners: [String: LambdaFunction] = [:]
    /// By environment: what it was started for ahead of need.
    var provisionedEnvironments: [String: ProvisionedConcurrency] = [:]
    /// Whose a function URL is, by the first label of its host.
    var urlOwners: [String: (function: LambdaFunction, qualifier: String)] = [:]
    /// Whether functions with a runtime identifier can run on this host; set where the program is put together.
    public var runtimeAvailability: (String) -> RuntimeAvailability = { _ in .available }

    public init(core: EngineCore) {
        self.core = core
        core.onRuntimeEvent = { [weak self] event in self?.environmentReported(event) }
        core.authorizer.register(self, for: "lambda")
    }

    public var operations: OperationTable {
        var table = OperationTable()
        registerFunctions(in: &table)
        registerConfiguration(in: &table)
        registerCodeSigning(in: &table)
        table.onPending(Lambda.invoke, invoke)
        table.onPending(Self.invokeWithResponseStream, invokeWithResponseStream)
        table.on(Lambda.invokeAsync, invokeAsync)
        return table
    }

    public func retire() {
        for region in regions.values {
            for function in region.functions.values { core.start(.retire(functionArn: function.arn, version: nil)) }
        }
    }

    private func registerFunctions(in table: inout OperationTable) {
        table.on(Lambda.createFunction, createFunction)
        table.on(Lambda.getFunction, getFunction)
        table.on(Lambda.getFunctionConfiguration, getFunctionConfiguration)
        table.on(Lambda.updateFunctionCode, updateFunctionCode)
        table.on(Lambda.updateFunctionConfiguration, updateFunctionConfiguration)
        table.on(Lambda.deleteFunction, deleteFunction)
        table.on(Lambda.listFunctions, listFunctions)
        table.on(Lambda.publishVersion, publishVersion)
        table.on(Lambda.listVersionsByFunction, listVersionsByFunction)
        table.on(Lambda.createAlias, createAlias)
        table.on(Lambda.getAlias, getAlias)
        table.on(Lambda.updateAlias, updateAlias)
        table.on(Lambda.deleteAlias, deleteAlias)
        table.on(Lambda.listAliases, listAliases)
        table.on(Lambda.publishLayerVersion, publishLayerVersion)
        table.on(Lambda.getLayerVersion, getLayerVersion)
        table.on(Lambda.getLayerVersionByArn, getLayerVersionByArn)
        table.on(Lambda.listLayers, listLayers)
        table.on(Lambda.listLayerVersions, listLayerVersions)
        table.on(Lambda.deleteLayerVersion, deleteLayerVersion)
        table.on(Lambda.addLayerVersionPermission, addLayerVersionPermission)
        table.on(Lambda.removeLayerVersionPermission, removeLayerVersionPermission)
        table.on(Lambda.getLayerVersionPolicy, getLayerVersionPolicy)
    }

    private func registerConfiguration(in table: inout OperationTable) {
        table.on(Lambda.addPermission, addPermission)
        table.on(Lambda.removePermission, removePermission)
        table.on(Lambda.getPolicy, getPolicy)
        table.on(Lambda.putFunctionConcurrency, putFunctionConcurrency)
        table.on(Lambda.getFunctionConcurrency, getFunctionConcurrency)
        table.on(Lambda.deleteFunctionConcurrency, deleteFunctionConcurrency)
        table.on(Lambda.putFunctionEventInvokeConfig, putFunctionEventInvokeConfig)
        table.on(Lambda.updateFunctionEventInvokeConfig, updateFunctionEventInvokeConfig)
        table.on(Lambda.getFunctionEventInvokeConfig, getFunctionEventInvokeConfig)
        table.on(Lambda.deleteFunctionEventInvokeConfig, deleteFunctionEventInvokeConfig)
        table.on(Lambda.listFunctionEventInvokeConfigs, listFunctionEventInvokeConfigs)
        table.on(Lambda.createEventSourceMapping, createEventSourceMapping)
        table.on(Lambda.getEventSourceMapping, getEventSourceMapping)
        table.on(Lambda.updateEventSourceMapping, updateEventSourceMapping)
        table.on(Lambda.deleteEventSourceMapping, deleteEventSourceMapping)
        table.on(Lambda.listEventSourceMappings, listEventSourceMappings)
        table.on(Lambda.tagResource, tagResource)
        table.on(Lambda.untagResource, untagResource)
        table.on(Lambda.listTags, listTags)
        table.on(Lambda.getAccountSettings, getAccountSettings)
        table.on(Lambda.getRuntimeManagementConfig, getRuntimeManagementConfig)
        table.on(Lambda.putRuntimeManagementConfig, putRuntimeManagementConfig)
        table.on(Lambda.getFunctionRecursionConfig, getFunctionRecursionConfig)
        table.on(Lambda.putFunctionRecursionConfig, putFunctionRecursionConfig)
        table.on(Lambda.putProvisionedConcurrencyConfig, putProvisionedConcurrencyConfig)
        table.on(Lambda.getProvisionedConcurrencyConfig, getProvisionedConcurrencyConfig)
        table.on(Lambda.listProvisionedConcurrencyConfigs, listProvisionedConcurrencyConfigs)
        table.on(Lambda.deleteProvisionedConcurrencyConfig, deleteProvisionedConcurrencyConfig)
        table.on(Lambda.createFunctionUrlConfig, createFunctionUrlConfig)
        table.on(Lambda.getFunctionUrlConfig, getFunctionUrlConfig)
        table.on(Lambda.updateFunctionUrlConfig, updateFunctionUrlConfig)
        table.on(Lambda.deleteFunctionUrlConfig, deleteFunctionUrlConfig)
        table.on(Lambda.listFunctionUrlConfigs, listFunctionUrlConfigs)
    }

    // MARK: Looking things up

    func region(_ scope: Scope) -> LambdaRegion {
        if let region = regions[scope] { return region }
        let region = LambdaRegion(scope: scope)
        regions[scope] = region
        return region
    }

    func existingFunction(_ reference: FunctionReference) -> LambdaFunction? {
        regions[reference.scope]?.functions[reference.name]
    }

    func function(_ reference: FunctionReference) throws(ServiceError) -> LambdaFunction {
        guard let function = existingFunction(reference) else { throw .functionNotFound(reference.arn) }
        return function
    }

    /// The version that a reference means; an alias stands for its main version.
    func version(_ reference: FunctionReference) throws(ServiceError) -> (LambdaFunction, FunctionVersion) {
        let function = try function(reference)
        let qualifier = reference.qualifier ?? FunctionReference.latest
        let key =
            FunctionReference.isAlias(qualifier) ? function.aliases[qualifier]?.functionVersion : qualifier
        guard let key, let version = function[version: key] else { throw .functionNotFound(reference.arn) }
        return (function, version)
    }

    /// Every function of an account in a region, by name.
    func sortedFunctions(in scope: Scope) -> [LambdaFunction] {
        (regions[scope]?.functions.values.sorted { $0.name < $1.name }) ?? []
    }

    // MARK: Keeping

    func save(_ function: LambdaFunction) {
        LambdaStore.save(.function, function.name, LambdaStore.document(of: function), in: function.scope, core.journal)
        core.changes.mark(function.arn)
    }

    func save(_ version: FunctionVersion, of function: LambdaFunction) {
        LambdaStore.save(
            .version, function.name, part: version.version, LambdaStore.document(of: version), in: function.scope,
            core.journal)
        core.changes.mark(function.arn)
        core.changes.mark("lambda:functions")
    }

    /// The engine's time as function configurations print it.
    var lastModified: String { String(core.now.iso8601().dropLast()) + "+0000" }

    /// Lambda itself as a caller, on behalf of a function's execution role.
    func caller(for function: LambdaFunction) -> Caller {
        Caller(
            scope: function.scope, principalArn: function.latest.configuration.role,
            endpoint: core.configuration.endpoint, servicePrincipal: "lambda.amazonaws.com")
    }
}

extension LambdaService: ResourcePolicyHolder {
    /// AWS: statements made by AddPermission only ever allow.
    public var holdsDenials: Bool { false }

    public func resourcePolicy(of arn: String) -> String? {
        guard let name = ARN(arn), name.resource.hasPrefix("function:") else { return nil }
        let scope = Scope(accountID: name.accountID, region: name.region)
        guard let reference = try? FunctionReference(arn, from: scope), let function = existingFunction(reference)
        else { return nil }
        return function.policies[reference.qualifier ?? ""].map { JSONWriter.string(.object($0.document)) }
    }
}

/// One page of a sorted list. Markers are opaque: the base64 of the last key.
func lambdaPage<Element>(
    _ elements: [Element], after marker: String?, limit: Int?, default defaultLimit: Int = 50, key: (Element) -> String
) throws(ServiceError) -> (page: [Element], next: String?) {
    var start = elements.startIndex
    if let marker {
        guard let bytes = Base64.decode(marker) else { throw .lambdaInvalid("Invalid marker \(marker)") }
        let last = String(decoding: bytes, as: UTF8.self)
        guard let index = elements.firstIndex(where: { key($0) == last }) else {
            throw .lambdaInvalid("Invalid marker \(marker)")
        }
        start = index + 1
    }
    let page = Array(elements[start...].prefix(max(1, limit ?? defaultLimit)))
    let isLast = start + page.count >= elements.count
    return (page, isLast ? nil : page.last.map { Base64.encode(Array(key($0).utf8)) })
}
