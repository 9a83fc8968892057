import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Sessions that an identity provider vouches for.
@Suite struct FederationTests {
    private let engine: TestEngine
    private let roleArn = "arn:aws:iam::123456789012:role/web"
    private let provider = "arn:aws:iam::123456789012:oidc-provider/id.example.com"

    init() throws { engine = try TestEngine(services: [IAMService.init, STSService.init]) }

    private func role(_ statement: String) throws {
        try engine.call(
            IAM.createRole,
            IAM.CreateRoleRequest(
                roleName: "web",
                assumeRolePolicyDocument: #"{"Version":"2012-10-17","Statement":[\#(statement)]}"#))
    }

    private func token(_ claims: String) -> String {
        let body = Base64.encode(claims.utf8).replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=", with: "")
        return "e30.\(body).c2ln"
    }

    private func request(_ token: String) -> STS.AssumeRoleWithWebIdentityRequest {
        STS.AssumeRoleWithWebIdentityRequest(roleArn: roleArn, roleSessionName: "app", webIdentityToken: token)
    }

    @Test func webIdentitiesNeedAProviderAnAudienceAndTrust() throws {
        try role(
            #"{"Effect":"Allow","Principal":{"Federated":"\#(provider)"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"id.example.com:sub":"user-1"}}}"#
        )
        func error(_ token: String) -> ServiceError? { engine.error(STS.assumeRoleWithWebIdentity, request(token)) }
        #expect(error("none")?.code == "InvalidIdentityTokenException")
        let claims = #"{"iss":"https://id.example.com","sub":"user-1","aud":"app-1","exp":99999999999}"#
        #expect(
            error(token(claims))?.message
                == "No OpenIDConnect provider found in your account for https://id.example.com")
        try engine.call(
            IAM.createOpenIDConnectProvider,
            IAM.CreateOpenIDConnectProviderRequest(url: "https://id.example.com", clientIDList: ["other"]))
        #expect(error(token(claims))?.message == "Incorrect token audience")
        try engine.call(
            IAM.addClientIDToOpenIDConnectProvider,
            IAM.AddClientIDToOpenIDConnectProviderRequest(openIDConnectProviderArn: provider, clientID: "app-1"))
        let session = try engine.call(STS.assumeRoleWithWebIdentity, request(token(claims)))
        #expect(session.subjectFromWebIdentityToken == "user-1")
        #expect(session.provider == provider && session.audience == "app-1")
        #expect(session.assumedRoleUser?.arn == "arn:aws:sts::123456789012:assumed-role/web/app")
        #expect(
            error(token(claims.replacing("user-1", with: "user-2")))?.message
                == "Not authorized to perform sts:AssumeRoleWithWebIdentity")
        #expect(error(token(claims.replacing("99999999999", with: "1")))?.code == "ExpiredTokenException")
    }

    @Test func assertionsTellTheSessionsNameAndLength() throws {
        let saml = "arn:aws:iam::123456789012:saml-provider/corp"
        try role(
            #"{"Effect":"Allow","Principal":{"Federated":"\#(saml)"},"Action":"sts:AssumeRoleWithSAML","Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}}"#
        )
        try engine.call(
            IAM.createSAMLProvider,
            IAM.CreateSAMLProviderRequest(samlMetadataDocument: String(repeating: "a", count: 1024), name: "corp"))
        let assertion = """
            <samlp:Response><saml:Assertion><saml:Issuer>https://corp.example</saml:Issuer><saml:Subject>\
            <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">ann</saml:NameID>\
            <saml:SubjectConfirmation><saml:SubjectConfirmationData Recipient="https://signin.aws.amazon.com/saml"/>\
            </saml:SubjectConfirmation></saml:Subject><saml:AttributeStatement>\
            <saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName"><saml:AttributeValue>ann@corp\
            </saml:AttributeValue></saml:Attribute>\
            <saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/SessionDuration">\
            <saml:AttributeValue>900</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>\
            </samlp:Response>
            """
        let session = try engine.call(
            STS.assumeRoleWithSAML,
            STS.AssumeRoleWithSAMLRequest(
                roleArn: roleArn, principalArn: saml, samlAssertion: Base64.encode(assertion.utf8)))
        #expect(session.assumedRoleUser?.arn.hasSuffix("assumed-role/web/ann@corp") == true)
        #expect(session.subject == "ann" && session.subjectType == "persistent")
        #expect(session.issuer == "https://corp.example")
        #expect(session.credentials?.expiration == engine.core.now + .seconds(900))
    }
}
