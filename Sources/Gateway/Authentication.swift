import AWSModel
import AWSProtocols
import Emulation

/// Who calls: from the signature's credential scope, without asking for secrets unless told to be strict.
struct Authentication: Sendable {
    let defaultScope: Scope
    let checksSignatures: Bool

    func authenticate(_ exchange: inout Exchange, _ core: EngineCore) throws(Refusal) {
        let credential = exchange.route.map(\.scope) ?? CredentialScope(exchange.request)
        if checksSignatures { try verify(exchange.request, core) }
        let region = credential?.region ?? defaultScope.region
        let key = credential?.accessKeyID ?? ""
        let isObserver = exchange.request.headers["x-skua-observer"] != nil
        let scope = Scope(accountID: Self.account(ofKey: key) ?? defaultScope.accountID, region: region)
        var caller = Caller(
            scope: scope, accessKeyID: key, endpoint: exchange.endpoint, sourceIP: exchange.origin.remoteIP,
            isObserver: isObserver)
        if let sts = core.service(STSService.self) {
            if let principal = sts.principal(forAccessKey: key) {
                caller.scope.accountID = principal.accountID
                caller.principalArn = principal.arn
                caller.userID = principal.userID
            } else if sts.session(forAccessKey: key) != nil {
                throw .error(
                    WireError(
                        "ExpiredTokenException", "The security token included in the request is expired", status: 403,
                        queryCode: "ExpiredToken"))
            }
        }
        if let (user, accessKey) = core.service(IAMService.self)?.owner(ofAccessKey: key) {
            guard accessKey.isActive else {
                throw .error(
                    WireError(
                        "InvalidClientTokenId", "The security token included in the request is invalid.", status: 403,
                        queryCode: "InvalidClientTokenId"))
            }
            caller.scope.accountID = user.accountID
            caller.principalArn = user.arn
            caller.userID = user.id
        }
        exchange.caller = caller
    }

    /// Who signed a request to a function's URL; nil where nobody did, or wrongly.
    func signer(of request: WireRequest, _ origin: Origin, _ core: EngineCore) -> Caller? {
        guard CredentialScope(request) != nil else { return nil }
        var exchange = Exchange(request: request, origin: origin, requestID: "")
        return (try? authenticate(&exchange, core)).flatMap { exchange.caller }
    }

    /// A 12-digit access key id chooses its own account, as in LocalStack and moto.
    private static func account(ofKey key: String) -> String? {
        key.utf8.count == 12 && key.utf8.allSatisfy { (48...57).contains($0) } ? key : nil
    }

    /// Strict mode: the secret of a session or a user's key is what STS or IAM gave; any other key's secret is the key id itself.
    private func verify(_ request: WireRequest, _ core: EngineCore) throws(Refusal) {
        let sts = core.service(STSService.self)
        let iam = core.service(IAMService.self)
        do throws(WireError) {
            // Clients sign with the wall's time, whatever the engine's clock says.
            try SignatureV4.verify(request, at: SystemClock.now()) { key in
                sts?.secretAccessKey(forAccessKey: key) ?? iam?.owner(ofAccessKey: key)?.key.secret ?? key
            }
        } catch {
            throw .error(error)
        }
    }
}
