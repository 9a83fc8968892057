import AWSModel
import AWSTypes

extension STSService {
    /// A token of an identity provider becomes a session of a role.
    ///
    /// The token's signature is not checked: that takes the provider's keys, which are elsewhere. Whose it is, for whom, and
    /// how long it holds are; a role that was never created here is taken on trust, as for AssumeRole.
    func assumeRoleWithWebIdentity(
        _ input: STS.AssumeRoleWithWebIdentityRequest, _ call: Call
    ) throws(ServiceError) -> STS.AssumeRoleWithWebIdentityResponse {
        core.attribute(call, to: input.roleArn)
        try Self.checkArn(input.roleArn)
        var details = try details(policy: input.policy, arns: input.policyArns)
        let duration = input.durationSeconds ?? 3600
        let iam = core.service(IAMService.self)
        let token = IdentityToken(input.webIdentityToken)
        if let role = iam?.role(arn: input.roleArn) {
            let principal = try provider(of: token, input, role.accountID)
            details.claims = token?.conditions ?? [:]
            try checkTrust(
                of: role, by: principal, action: "sts:AssumeRoleWithWebIdentity", claims: details.claims,
                sessionName: input.roleSessionName, call)
            guard duration <= role.maxSessionDuration else { throw Self.tooLong }
            details.federatedProvider = principal
        } else if iam?.acceptsUnknownRoles == false {
            throw Self.notAuthorized("sts:AssumeRoleWithWebIdentity")
        }
        let session = issueSession(
            roleArn: input.roleArn, sessionName: input.roleSessionName, duration: .seconds(duration),
            region: call.scope.region, details: details)
        return STS.AssumeRoleWithWebIdentityResponse(
            credentials: Self.credentials(session), subjectFromWebIdentityToken: token?.subject,
            assumedRoleUser: STS.AssumedRoleUser(assumedRoleId: session.userID, arn: session.principalArn),
            packedPolicySize: Self.packedSize(details), provider: details.federatedProvider ?? input.providerId,
            audience: token?.audience)
    }

    static func notAuthorized(_ action: String) -> ServiceError {
        ServiceError("AccessDenied", "Not authorized to perform \(action)", status: 403)
    }

    /// The provider that vouches for a token: as trust policies name it.
    private func provider(
        of token: IdentityToken?, _ input: STS.AssumeRoleWithWebIdentityRequest, _ account: String
    ) throws(ServiceError) -> String {
        // AWS: these give access tokens, which are not JSON Web Tokens.
        if let known = input.providerId, ["www.amazon.com", "graph.facebook.com"].contains(known) { return known }
        guard let token else {
            throw ServiceError(
                "InvalidIdentityTokenException",
                "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
        }
        if let expires = token.expires, expires <= core.now {
            throw ServiceError(
                "ExpiredTokenException",
                "Token expired: current date/time \(core.now.epochSecondsFloor) must be before the expiration date/time"
                    + "\(expires.epochSecondsFloor)")
        }
        let builtIn = ["accounts.google.com", "cognito-identity.amazonaws.com"]
        if builtIn.contains(token.host) { return token.host }
        let iam = core.service(IAMService.self)
        let arn = "arn:aws:iam::\(account):oidc-provider/\(token.host)"
        guard let provider = iam?.record(.openIDProvider, arn, of: account) else {
            throw ServiceError(
                "InvalidIdentityTokenException",
                "No OpenIDConnect provider found in your account for \(token.issuer)")
        }
        let clients = provider.strings("clients") ?? []
        guard clients.isEmpty || token.audiences.contains(where: clients.contains) else {
            throw ServiceError("InvalidIdentityTokenException", "Incorrect token audience")
        }
        return arn
    }

    /// Whether a role trusts a provider with what it tells of the user.
    func checkTrust(
        of role: IAMRole, by provider: String, action: String, claims: [String: String], sessionName: String,
        _ call: Call
    ) throws(ServiceError) {
        var context = RequestContext()
        for (key, value) in claims { context.set(key, value) }
        context.set("sts:RoleSessionName", sessionName)
        context.set("aws:FederatedProvider", provider)
        context.set("aws:SourceIp", call.caller.sourceIP)
        context.set("aws:RequestedRegion", call.scope.region)
        guard role.trust.allowsAssumption(by: .federated(provider), action: action, context: context) else {
            throw Self.notAuthorized(action)
        }
    }
}

/// What a JSON Web Token tells, its signature aside.
struct IdentityToken {
    let issuer: String
    let subject: String?
    let audiences: [String]
    let expires: Instant?

    var audience: String? { audiences.first }

    /// The issuer without its scheme: what condition keys begin with.
    var host: String {
        issuer.replacing("https://", with: "", maxReplacements: 1).replacing("http://", with: "", maxReplacements: 1)
    }

    var conditions: [String: String] {
        var conditions = ["\(host):sub": subject ?? ""]
        if let audience { conditions["\(host):aud"] = audience }
        return conditions
    }

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var body = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        while body.utf8.count % 4 != 0 { body += "=" }
        guard let bytes = Base64.decode(String(body)),
            let claims = (try? JSONReader.parse(String(decoding: bytes, as: UTF8.self)))?.object,
            let issuer = claims.string("iss")
        else { return nil }
        self.issuer = issuer
        subject = claims.string("sub")
        audiences = claims.strings("aud") ?? claims.string("aud").map { [$0] } ?? []
        expires = claims.double("exp").map { Instant(microseconds: Int64($0 * 1_000_000)) }
    }
}

extension Instant {
    fileprivate var epochSecondsFloor: Int64 { microseconds / 1_000_000 }
}
