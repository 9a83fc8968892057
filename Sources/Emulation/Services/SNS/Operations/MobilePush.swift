import AWSModel
import AWSTypes

// Platform applications and their endpoints.
extension SNSService {
    func registerMobile(_ table: inout OperationTable) {
        table.on(SNS.createPlatformApplication, createPlatformApplication)
        table.on(SNS.deletePlatformApplication, deletePlatformApplication)
        table.on(SNS.listPlatformApplications, listPlatformApplications)
        table.on(SNS.getPlatformApplicationAttributes, getPlatformApplicationAttributes)
        table.on(SNS.setPlatformApplicationAttributes, setPlatformApplicationAttributes)
        table.on(SNS.createPlatformEndpoint, createPlatformEndpoint)
        table.on(SNS.deleteEndpoint, deleteEndpoint)
        table.on(SNS.listEndpointsByPlatformApplication, listEndpointsByPlatformApplication)
        table.on(SNS.getEndpointAttributes, getEndpointAttributes)
        table.on(SNS.setEndpointAttributes, setEndpointAttributes)
        registerSMS(&table)
    }

    private func application(_ arn: String) throws(ServiceError) -> SNSDocumented {
        guard let application = applications[arn] else { throw .snsNotFound("PlatformApplication does not exist") }
        return application
    }

    private func endpoint(_ arn: String) throws(ServiceError) -> SNSDocumented {
        guard let endpoint = endpoints[arn] else { throw .snsNotFound("Endpoint does not exist") }
        return endpoint
    }

    private func add(_ application: SNSDocumented, _ arn: String) {
        applications[arn] = application
        if let scope = ARN(arn).map({ Scope(accountID: $0.accountID, region: $0.region) }) {
            applicationLists[scope, default: OrderedKeys()][arn] = arn
        }
    }

    func add(endpoint: SNSDocumented, _ arn: String) {
        if let old = endpoints[arn]?.attributes["Token"] { endpointTokens[endpoint.parent]?[old] = nil }
        endpoints[arn] = endpoint
        endpointLists[endpoint.parent, default: OrderedKeys()][arn] = arn
        if let token = endpoint.attributes["Token"] { endpointTokens[endpoint.parent, default: [:]][token] = arn }
    }

    private func remove(endpoint arn: String) {
        guard let endpoint = endpoints.removeValue(forKey: arn) else { return }
        endpointLists[endpoint.parent]?[arn] = nil
        if let token = endpoint.attributes["Token"] { endpointTokens[endpoint.parent]?[token] = nil }
        forget("endpoint", arn)
    }

    func restore(application: SNSDocumented, _ arn: String) { add(application, arn) }

    func createPlatformApplication(
        _ input: SNS.CreatePlatformApplicationInput, _ call: Call
    ) throws(ServiceError) -> SNS.CreatePlatformApplicationResponse {
        let platforms = ["ADM", "APNS", "APNS_SANDBOX", "BAIDU", "FCM", "GCM", "MPNS", "WNS", "MACOS", "MACOS_SANDBOX"]
        guard platforms.contains(input.platform) else {
            throw .snsInvalid("Platform Reason: \(input.platform) is not supported")
        }
        guard (1...256).contains(input.name.utf8.count),
            input.name.utf8.allSatisfy({ BatchValidation.isNameByte($0) || $0 == UInt8(ascii: ".") })
        else { throw .snsInvalid("Name Reason: must be 1 to 256 letters, digits, underscores, hyphens and periods") }
        let arn = call.scope.arn("sns", "app/\(input.platform)/\(input.name)")
        core.attribute(call, to: arn)
        let application = SNSDocumented(attributes: input.attributes)
        add(application, arn)
        record("application", arn, application)
        return SNS.CreatePlatformApplicationResponse(platformApplicationArn: arn)
    }

    func deletePlatformApplication(
        _ input: SNS.DeletePlatformApplicationInput, _ call: Call
    ) throws(ServiceError) -> Unit {
        let arn = input.platformApplicationArn
        guard applications.removeValue(forKey: arn) != nil else { return Unit() }
        if let scope = ARN(arn).map({ Scope(accountID: $0.accountID, region: $0.region) }) {
            applicationLists[scope]?[arn] = nil
        }
        forget("application", arn)
        for name in endpointLists.removeValue(forKey: arn)?.values ?? [] { remove(endpoint: name) }
        endpointTokens[arn] = nil
        return Unit()
    }

    func listPlatformApplications(
        _ input: SNS.ListPlatformApplicationsInput, _ call: Call
    ) throws(ServiceError) -> SNS.ListPlatformApplicationsResponse {
        let (page, next) = try Self.page(applicationLists[call.scope], after: input.nextToken)
        return SNS.ListPlatformApplicationsResponse(
            platformApplications: page.map {
                SNS.PlatformApplication(
                    platformApplicationArn: $0, attributes: Self.shown(applications[$0]?.attributes ?? [:]))
            }, nextToken: next)
    }

    /// AWS: keys and secrets are never given back.
    private static func shown(_ attributes: [String: String]) -> [String: String] {
        var shown = attributes
        shown["PlatformCredential"] = nil
        shown["PlatformPrincipal"] = nil
        shown["Enabled"] = shown["Enabled"] ?? "true"
        return shown
    }

    func getPlatformApplicationAttributes(
        _ input: SNS.GetPlatformApplicationAttributesInput, _ call: Call
    ) throws(ServiceError) -> SNS.GetPlatformApplicationAttributesResponse {
        let application = try application(input.platformApplicationArn)
        return SNS.GetPlatformApplicationAttributesResponse(attributes: Self.shown(application.attributes))
    }

    func setPlatformApplicationAttributes(
        _ input: SNS.SetPlatformApplicationAttributesInput, _ call: Call
    ) throws(ServiceError) -> Unit {
        var application = try application(input.platformApplicationArn)
        application.attributes.merge(input.attributes) { _, new in new }
        applications[input.platformApplicationArn] = application
        record("application", input.platformApplicationArn, application)
        return Unit()
    }

    func createPlatformEndpoint(
        _ input: SNS.CreatePlatformEndpointInput, _ call: Call
    ) throws(ServiceError) -> SNS.CreateEndpointResponse {
        _ = try application(input.platformApplicationArn)
        var attributes = input.attributes ?? [:]
        attributes["CustomUserData"] = attributes["CustomUserData"] ?? input.customUserData
        attributes["Token"] = input.token
        attributes["Enabled"] = attributes["Enabled"]?.lowercased() ?? "true"
        if let arn = endpointTokens[input.platformApplicationArn]?[input.token], let known = endpoints[arn] {
            guard known.attributes == attributes else {
                throw .snsInvalid(
                    "Token Reason: Endpoint \(arn) already exists with the same Token, but different attributes.")
            }
            return SNS.CreateEndpointResponse(endpointArn: arn)
        }
        let path = ARN(input.platformApplicationArn)?.resource.dropFirst("app/".count) ?? ""
        let arn = call.scope.arn("sns", "endpoint/\(path)/\(core.identifiers.uuid())")
        let endpoint = SNSDocumented(attributes: attributes, parent: input.platformApplicationArn)
        add(endpoint: endpoint, arn)
        record("endpoint", arn, endpoint)
        return SNS.CreateEndpointResponse(endpointArn: arn)
    }

    func deleteEndpoint(_ input: SNS.DeleteEndpointInput, _ call: Call) throws(ServiceError) -> Unit {
        remove(endpoint: input.endpointArn)
        return Unit()
    }

    func listEndpointsByPlatformApplication(
        _ input: SNS.ListEndpointsByPlatformApplicationInput, _ call: Call
    ) throws(ServiceError) -> SNS.ListEndpointsByPlatformApplicationResponse {
        _ = try application(input.platformApplicationArn)
        let (page, next) = try Self.page(endpointLists[input.platformApplicationArn], after: input.nextToken)
        return SNS.ListEndpointsByPlatformApplicationResponse(
            endpoints: page.map { SNS.Endpoint(endpointArn: $0, attributes: endpoints[$0]?.attributes) },
            nextToken: next)
    }

    func getEndpointAttributes(
        _ input: SNS.GetEndpointAttributesInput, _ call: Call
    ) throws(ServiceError) -> SNS.GetEndpointAttributesResponse {
        SNS.GetEndpointAttributesResponse(attributes: try endpoint(input.endpointArn).attributes)
    }

    func setEndpointAttributes(_ input: SNS.SetEndpointAttributesInput, _ call: Call) throws(ServiceError) -> Unit {
        var endpoint = try endpoint(input.endpointArn)
        endpoint.attributes.merge(input.attributes) { _, new in new }
        endpoint.attributes["Enabled"] = endpoint.attributes["Enabled"]?.lowercased()
        add(endpoint: endpoint, input.endpointArn)
        record("endpoint", input.endpointArn, endpoint)
        return Unit()
    }
}
