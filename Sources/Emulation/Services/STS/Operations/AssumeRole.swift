import AWSModel
import AWSTypes

extension STSService {
    /// AWS: a session of a role that assumes another one lasts an hour at most.
    private static let chainedDuration = 3600

    func assumeRole(_ input: STS.AssumeRoleRequest, _ call: Call) throws(ServiceError) -> STS.AssumeRoleResponse {
        core.attribute(call, to: input.roleArn)
        try Self.checkArn(input.roleArn)
        var details = try details(policy: input.policy, arns: input.policyArns)
        let own = session(forAccessKey: call.caller.accessKeyID)
        try addTags(input, own, to: &details)
        details.sourceIdentity = input.sourceIdentity ?? own?.details.sourceIdentity
        details.hasMultiFactor = input.tokenCode != nil && input.serialNumber != nil
        let iam = core.service(IAMService.self)
        let duration = input.durationSeconds ?? 3600
        if let role = iam?.role(arn: input.roleArn) {
            let actions =
                ["sts:AssumeRole"] + (details.tags.isEmpty ? [] : ["sts:TagSession"])
                + (input.sourceIdentity == nil ? [] : ["sts:SetSourceIdentity"])
            for action in actions {
                try checkTrust(of: role, action, Self.context(input, details), call)
            }
            guard duration <= role.maxSessionDuration else { throw Self.tooLong }
        } else if iam?.acceptsUnknownRoles == false {
            throw Self.denied("sts:AssumeRole", input.roleArn, call)
        }
        if call.caller.principalArn.contains(":assumed-role/"), duration > Self.chainedDuration {
            throw ServiceError(
                "ValidationError",
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
        }
        let session = issueSession(
            roleArn: input.roleArn, sessionName: input.roleSessionName, duration: .seconds(duration),
            region: call.scope.region, details: details)
        return STS.AssumeRoleResponse(
            credentials: Self.credentials(session),
            assumedRoleUser: STS.AssumedRoleUser(assumedRoleId: session.userID, arn: session.principalArn),
            packedPolicySize: Self.packedSize(details), sourceIdentity: input.sourceIdentity)
    }

    static let tooLong = ServiceError(
        "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")

    /// Both sides decide: the role's trust policy must allow it, and where that only trusts the account, the caller's own
    /// policies too.
    private func checkTrust(
        of role: IAMRole, _ action: String, _ request: RequestContext, _ call: Call
    ) throws(ServiceError) {
        let iam = core.service(IAMService.self)
        let principal =
            call.caller.servicePrincipal.map(PolicyPrincipal.service) ?? iam?.access.principal(of: call.caller)
            ?? PolicyPrincipal(arn: call.caller.principalArn, accountID: call.scope.accountID)
        var context = RequestContext(call.caller, principal, at: call.time, iam: iam)
        context.merge(request)
        let isService = call.caller.servicePrincipal != nil
        guard
            role.trust.allowsAssumption(by: principal, action: action, context: context, trustsSource: isService)
        else { throw Self.denied(action, role.arn, call) }
        try iam?.access.judgeAssumption(of: role, by: principal, action, context, call)
    }

    private static func context(_ input: STS.AssumeRoleRequest, _ details: SessionDetails) -> RequestContext {
        var context = RequestContext()
        context.set("sts:ExternalId", input.externalId)
        context.set("sts:RoleSessionName", input.roleSessionName)
        context.set("sts:SourceIdentity", input.sourceIdentity)
        if input.tokenCode != nil, input.serialNumber != nil { context.set("aws:MultiFactorAuthPresent", "true") }
        for (key, value) in details.tags { context.set("aws:RequestTag/\(key)", value) }
        if !details.tags.isEmpty { context["aws:TagKeys"] = details.tags.keys.sorted() }
        if !details.transitiveTagKeys.isEmpty { context["sts:TransitiveTagKeys"] = details.transitiveTagKeys }
        return context
    }

    // MARK: Tags

    private func addTags(
        _ input: STS.AssumeRoleRequest, _ own: RoleSession?, to details: inout SessionDetails
    ) throws(ServiceError) {
        details.tags = try Self.tags(input.tags)
        let inherited = own.map { own in own.details.tags.filter { own.details.transitiveTagKeys.contains($0.key) } }
        for (key, value) in inherited ?? [:] {
            guard !details.tags.keys.contains(where: { $0.lowercased() == key.lowercased() }) else {
                throw Self.invalid(
                    """
                    One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key \
                    from the calling session.
                    """)
            }
            details.tags[key] = value
        }
        let keys = input.transitiveTagKeys ?? []
        guard keys.allSatisfy({ details.tags[$0] != nil }) else {
            throw Self.invalid("The specified transitive tag key must be included in the requested tags.")
        }
        details.transitiveTagKeys = (keys + (inherited ?? [:]).keys).sorted()
    }

    private static func invalid(_ message: String) -> ServiceError {
        ServiceError("InvalidParameterValue", message)
    }

    static func tags(_ tags: [STS.Tag]?) throws(ServiceError) -> [String: String] {
        let keys = (tags ?? []).map { $0.key.lowercased() }
        guard Set(keys).count == keys.count else {
            throw invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
        }
        return Dictionary((tags ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { _, later in later })
    }

    // MARK: Parts

    /// The limits that a request puts on its session.
    func details(
        policy: String?, arns: [STS.PolicyDescriptorType]?
    ) throws(ServiceError) -> SessionDetails {
        var details = SessionDetails()
        if let policy { _ = try PolicyDocument(policy, kind: .identity) }
        details.policyText = policy
        details.policyArns = (arns ?? []).compactMap(\.arn)
        guard details.policyArns.count <= 10 else {
            throw ServiceError(
                "PackedPolicyTooLargeException", "Total number of policies exceeds the maximum limit of 10.")
        }
        return details
    }

    /// AWS: in percent of what a session may carry along; nil where it carries nothing.
    static func packedSize(_ details: SessionDetails) -> Int? {
        let size =
            (details.policyText?.utf8.count ?? 0) + details.policyArns.reduce(0) { $0 + $1.utf8.count }
            + details.tags.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        return size == 0 ? nil : max(1, min(100, size * 100 / 2048))
    }

    static func credentials(_ session: RoleSession) -> STS.Credentials {
        STS.Credentials(
            accessKeyId: session.accessKeyID, secretAccessKey: session.secretAccessKey,
            sessionToken: session.sessionToken, expiration: session.expiration)
    }

    static func checkArn(_ arn: String) throws(ServiceError) {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[5].hasPrefix("role/"), parts[5] != "role/"
        else {
            throw ServiceError("ValidationError", "\(arn) is invalid")
        }
    }

    static func denied(_ action: String, _ roleArn: String, _ call: Call) -> ServiceError {
        ServiceError(
            "AccessDenied",
            "User: \(call.caller.principalArn) is not authorized to perform: \(action) on resource: \(roleArn)",
            status: 403)
    }
}
