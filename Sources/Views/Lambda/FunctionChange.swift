import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A change of a function's configuration, and the calls that make it.
enum FunctionChange: Hashable, Sendable {
    case general, concurrency, asynchronous, permission, addTrigger, addLayer, unreserve, resetAsynchronous
    case trigger(String)
    case setTrigger(String, isEnabled: Bool)
    case variable(replacing: String?)
    /// Of one alias or version; nil where the form names it.
    case provision(String?)
    case tag(replacing: String?)
    case remove(FunctionSection, [String])

    /// Said when it is done.
    var sentence: String {
        switch self {
        case .general: "Saved the configuration"
        case .concurrency: "Reserved the concurrency"
        case .provision: "The environments are being provisioned"
        case .unreserve: "Gave the reserved concurrency back"
        case .asynchronous: "Saved asynchronous invocation"
        case .resetAsynchronous: "Asynchronous invocation is back to its defaults"
        case .permission: "Added the permission"
        case .addTrigger: "Added the trigger"
        case .addLayer: "Added the layer"
        case .trigger: "Saved the trigger"
        case .setTrigger(_, let isEnabled): isEnabled ? "The trigger is being enabled" : "The trigger is being disabled"
        case .variable: "Saved the environment"
        case .tag: "Saved the tag"
        case .remove(let section, let ids):
            ids.count == 1
                ? "Removed the \(section.addition ?? "setting")"
                : "Removed \(ids.count) of the \(section.title.lowercased())"
        }
    }

    func apply(_ values: FormValues, to details: FunctionDetails, _ aws: AWSClient) async throws {
        let name = details.name
        switch self {
        case .general:
            _ = try await aws.call(
                Lambda.updateFunctionConfiguration,
                .init(
                    functionName: name, role: values["role"], handler: values["handler"],
                    description: values["description"],
                    timeout: values.integer("timeout"), memorySize: values.integer("memory"),
                    runtime: values.optional("runtime"),
                    ephemeralStorage: values.integer("storage").map { Lambda.EphemeralStorage(size: $0) }))
        case .concurrency:
            _ = try await aws.call(
                Lambda.putFunctionConcurrency,
                .init(functionName: name, reservedConcurrentExecutions: values.integer("reserved") ?? 0))
        case .provision(let qualifier):
            _ = try await aws.call(
                Lambda.putProvisionedConcurrencyConfig,
                .init(
                    functionName: name, qualifier: qualifier ?? values["qualifier"],
                    provisionedConcurrentExecutions: values.integer("provisioned") ?? 1))
        case .unreserve: _ = try await aws.call(Lambda.deleteFunctionConcurrency, .init(functionName: name))
        case .asynchronous:
            let destinations = Lambda.DestinationConfig(
                onSuccess: Lambda.OnSuccess(destination: values.optional("success")),
                onFailure: Lambda.OnFailure(destination: values.optional("failure")))
            _ = try await aws.call(
                Lambda.putFunctionEventInvokeConfig,
                .init(
                    functionName: name, maximumRetryAttempts: values.integer("attempts"),
                    maximumEventAgeInSeconds: values.integer("age"), destinationConfig: destinations))
            if values["deadLetter"] != (details.configuration.deadLetterConfig?.targetArn ?? "") {
                _ = try await aws.call(
                    Lambda.updateFunctionConfiguration,
                    .init(functionName: name, deadLetterConfig: .init(targetArn: values["deadLetter"])))
            }
        case .resetAsynchronous:
            _ = try await aws.call(Lambda.deleteFunctionEventInvokeConfig, .init(functionName: name))
        case .permission:
            _ = try await aws.call(
                Lambda.addPermission,
                .init(
                    functionName: name, statementId: values["sid"], action: values["action"],
                    principal: values["principal"], sourceArn: values.optional("source")))
        case .addTrigger: _ = try await aws.call(Lambda.createEventSourceMapping, Self.newTrigger(values, name))
        case .trigger(let id):
            _ = try await aws.call(Lambda.updateEventSourceMapping, Self.changedTrigger(values, id, details))
        case .setTrigger(let id, let isEnabled):
            _ = try await aws.call(Lambda.updateEventSourceMapping, .init(uuid: id, enabled: isEnabled))
        case .addLayer: try await setLayers(details.layers + [values["arn"]], name, aws)
        case .variable(let replaced):
            var variables = details.configuration.environment?.variables ?? [:]
            if let replaced { variables[replaced] = nil }
            variables[values["name"]] = values["value"]
            try await setEnvironment(variables, name, aws)
        case .tag(let replaced):
            if let replaced, replaced != values["name"] {
                _ = try await aws.call(Lambda.untagResource, .init(resource: details.arn, tagKeys: [replaced]))
            }
            _ = try await aws.call(
                Lambda.tagResource, .init(resource: details.arn, tags: [values["name"]: values["value"]]))
        case .remove(let section, let ids): try await remove(section, ids, details, aws)
        }
    }

    private func remove(_ section: FunctionSection, _ ids: [String], _ details: FunctionDetails, _ aws: AWSClient)
        async throws
    {
        let name = details.name
        switch section {
        case .triggers: for id in ids { _ = try await aws.call(Lambda.deleteEventSourceMapping, .init(uuid: id)) }
        case .permissions:
            for id in ids {
                _ = try await aws.call(Lambda.removePermission, .init(functionName: name, statementId: id))
            }
        case .tags: _ = try await aws.call(Lambda.untagResource, .init(resource: details.arn, tagKeys: ids))
        case .environment:
            try await setEnvironment(
                (details.configuration.environment?.variables ?? [:]).filter { !ids.contains($0.key) }, name, aws)
        case .layers: try await setLayers(details.layers.filter { !ids.contains($0) }, name, aws)
        case .concurrency:
            for qualifier in ids {
                _ = try await aws.call(
                    Lambda.deleteProvisionedConcurrencyConfig, .init(functionName: name, qualifier: qualifier))
            }
        case .general, .asynchronous: break
        }
    }

    private func setEnvironment(_ variables: [String: String], _ name: String, _ aws: AWSClient) async throws {
        _ = try await aws.call(
            Lambda.updateFunctionConfiguration, .init(functionName: name, environment: .init(variables: variables)))
    }

    private func setLayers(_ layers: [String], _ name: String, _ aws: AWSClient) async throws {
        _ = try await aws.call(Lambda.updateFunctionConfiguration, .init(functionName: name, layers: layers))
    }

    static func newTrigger(_ values: FormValues, _ function: String) -> Lambda.CreateEventSourceMappingRequest {
        let window = values.integer("window") ?? 0
        return Lambda.CreateEventSourceMappingRequest(
            eventSourceArn: values["queue"], functionName: function, enabled: values.isOn("enabled"),
            batchSize: values.integer("batch"),
            filterCriteria: values.optional("filter").map { .init(filters: [.init(pattern: $0)]) },
            maximumBatchingWindowInSeconds: window > 0 ? window : nil,
            functionResponseTypes: values.isOn("partial") ? ["ReportBatchItemFailures"] : nil,
            scalingConfig: values.integer("concurrency").map { .init(maximumConcurrency: $0) })
    }

    static func changedTrigger(_ values: FormValues, _ id: String, _ details: FunctionDetails)
        -> Lambda.UpdateEventSourceMappingRequest
    {
        let old = details.mappings.first { $0.uuid == id }
        let isQueue = old?.eventSourceArn.flatMap { ARN($0) }?.service == "sqs"
        let window = values.integer("window") ?? 0
        let hadFilter = old?.filterCriteria?.filters?.isEmpty == false
        return Lambda.UpdateEventSourceMappingRequest(
            uuid: id, enabled: values.isOn("enabled"), batchSize: values.integer("batch"),
            // AWS: an empty list of filters removes them.
            filterCriteria: values.optional("filter").map { .init(filters: [.init(pattern: $0)]) }
                ?? (hadFilter ? .init(filters: []) : nil),
            maximumBatchingWindowInSeconds: window == old?.maximumBatchingWindowInSeconds
                || (old?.maximumBatchingWindowInSeconds == nil && window == 0) ? nil : window,
            functionResponseTypes: values.isOn("partial") ? ["ReportBatchItemFailures"] : [],
            // AWS: an empty configuration removes the limit; only queues have one.
            scalingConfig: isQueue ? .init(maximumConcurrency: values.integer("concurrency")) : nil)
    }
}
