import AWSModel
import AWSTypes
import Crypto

extension STSService {
    /// An assertion of a SAML provider becomes a session of a role. Its signature is not checked, as for web identities.
    func assumeRoleWithSAML(
        _ input: STS.AssumeRoleWithSAMLRequest, _ call: Call
    ) throws(ServiceError) -> STS.AssumeRoleWithSAMLResponse {
        core.attribute(call, to: input.roleArn)
        try Self.checkArn(input.roleArn)
        guard let bytes = Base64.decode(input.samlAssertion) else { throw Self.invalidAssertion }
        let assertion = SAMLAssertion(String(decoding: bytes, as: UTF8.self))
        guard let name = assertion.attribute("RoleSessionName").first else {
            throw ServiceError(
                "InvalidIdentityTokenException",
                "RoleSessionName is required in AuthnResponse (Service: AWSOpenIdDiscoveryService)")
        }
        var details = try details(policy: input.policy, arns: input.policyArns)
        details.federatedProvider = input.principalArn
        let asked = assertion.attribute("SessionDuration").first.flatMap { Int($0) }
        // AWS: the shorter of what is asked for and what the assertion grants.
        let duration = [input.durationSeconds, asked].compactMap { $0 }.min() ?? 3600
        let iam = core.service(IAMService.self)
        if let role = iam?.role(arn: input.roleArn) {
            guard iam?.record(.samlProvider, input.principalArn, of: role.accountID) != nil else {
                throw ServiceError(
                    "InvalidIdentityTokenException", "Issuer not present in specified provider")
            }
            details.claims = [
                "saml:aud": assertion.recipient ?? "", "saml:iss": assertion.issuer ?? "",
                "saml:sub": assertion.subject ?? "", "saml:sub_type": assertion.subjectType ?? "",
            ]
            try checkTrust(
                of: role, by: input.principalArn, action: "sts:AssumeRoleWithSAML", claims: details.claims,
                sessionName: name, call)
            guard duration <= role.maxSessionDuration else { throw Self.tooLong }
        } else if iam?.acceptsUnknownRoles == false {
            throw Self.notAuthorized("sts:AssumeRoleWithSAML")
        }
        let session = issueSession(
            roleArn: input.roleArn, sessionName: name, duration: .seconds(duration), region: call.scope.region,
            details: details)
        // AWS: one user of one provider in one account always has the same qualifier.
        let provider = input.principalArn.split(separator: "/").last.map(String.init) ?? ""
        let qualified = "\(assertion.issuer ?? "")\(call.scope.accountID)/\(provider)"
        return STS.AssumeRoleWithSAMLResponse(
            credentials: Self.credentials(session),
            assumedRoleUser: STS.AssumedRoleUser(assumedRoleId: session.userID, arn: session.principalArn),
            packedPolicySize: Self.packedSize(details), subject: assertion.subject,
            subjectType: assertion.subjectType, issuer: assertion.issuer, audience: assertion.recipient,
            nameQualifier: Base64.encode(Array(Insecure.SHA1.hash(data: Array(qualified.utf8)))))
    }

    private static let invalidAssertion = ServiceError(
        "InvalidIdentityTokenException", "Invalid base64 SAMLResponse (Service: AWSOpenIdDiscoveryService)")
}

/// The few things STS reads in an assertion, found by their elements' names whatever the prefix.
struct SAMLAssertion {
    private let text: String

    init(_ text: String) { self.text = text }

    var issuer: String? { elements("Issuer").last?.content }
    var subject: String? { elements("NameID").first?.content }
    var recipient: String? {
        elements("SubjectConfirmationData").first.flatMap { Self.value(of: "Recipient", in: $0.tag) }
    }

    /// `persistent` and `transient` in short, other formats in full.
    var subjectType: String? {
        guard let format = elements("NameID").first.flatMap({ Self.value(of: "Format", in: $0.tag) }) else {
            return nil
        }
        let prefix = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
        return format.hasPrefix(prefix) ? String(format.dropFirst(prefix.count)) : format
    }

    /// The values of an attribute of AWS's.
    func attribute(_ name: String) -> [String] {
        let full = "https://aws.amazon.com/SAML/Attributes/\(name)"
        return elements("Attribute").filter { Self.value(of: "Name", in: $0.tag) == full }.flatMap { attribute in
            SAMLAssertion(attribute.content).elements("AttributeValue").map(\.content)
        }
    }

    private struct Element {
        /// What stands between `<` and `>`.
        var tag: String
        var content: String
    }

    private func elements(_ name: String) -> [Element] {
        var found: [Element] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: open)...]
            guard let close = rest.firstIndex(of: ">") else { break }
            let tag = rest[..<close]
            rest = rest[rest.index(after: close)...]
            let full = tag.prefix { $0 != " " && $0 != "/" && $0 != "\n" }
            guard full == name || full.hasSuffix(":\(name)"), !tag.hasPrefix("/") else { continue }
            if tag.hasSuffix("/") {
                found.append(Element(tag: String(tag), content: ""))
            } else if let end = rest.ranges(of: "</\(full)>").first {
                found.append(Element(tag: String(tag), content: String(rest[..<end.lowerBound])))
            }
        }
        return found
    }

    private static func value(of name: String, in tag: String) -> String? {
        for quote in ["\"", "'"] {
            guard let start = tag.ranges(of: " \(name)=\(quote)").first else { continue }
            return String(tag[start.upperBound...].prefix { String($0) != quote })
        }
        return nil
    }
}
