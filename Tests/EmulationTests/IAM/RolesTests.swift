import AWSModel
import AWSTypes
import Testing

@testable import Emulation

private let lambdaTrust =
    #"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#
private let allowQueue =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:us-east-1:123456789012:q"}]}"#

@Suite struct RolesTests {
    private let engine: TestEngine

    init() throws { engine = try TestEngine(services: [IAMService.init]) }

    @discardableResult
    private func create(_ name: String = "worker", trust: String = lambdaTrust) throws -> IAM.Role {
        try engine.call(IAM.createRole, IAM.CreateRoleRequest(roleName: name, assumeRolePolicyDocument: trust)).role
    }

    @Test func createsAndReadsBack() throws {
        let role = try engine.call(
            IAM.createRole,
            IAM.CreateRoleRequest(
                path: "/service-role/", roleName: "worker", assumeRolePolicyDocument: lambdaTrust, description: "runs",
                tags: [IAM.Tag(key: "team", value: "a")])
        ).role
        #expect(role.arn == "arn:aws:iam::123456789012:role/service-role/worker")
        #expect(role.roleId.hasPrefix("AROA") && role.roleId.count == 21)
        #expect(role.maxSessionDuration == nil && role.description == nil)
        #expect(role.assumeRolePolicyDocument?.hasPrefix("%7B%22Version%22%3A%20%222012-10-17%22") == true)
        let read = try engine.call(IAM.getRole, IAM.GetRoleRequest(roleName: "worker")).role
        #expect(read.tags?.map(\.key) == ["team"])
        #expect(read.description == "runs" && read.maxSessionDuration == 3600)
    }

    @Test func errorsAreIAMs() throws {
        try create()
        let again = engine.error(
            IAM.createRole, IAM.CreateRoleRequest(roleName: "worker", assumeRolePolicyDocument: lambdaTrust))
        #expect(again?.code == "EntityAlreadyExistsException")
        #expect(again?.status == 409)
        #expect(again?.message == "Role with name worker already exists.")
        let missing = engine.error(IAM.getRole, IAM.GetRoleRequest(roleName: "none"))
        #expect(missing?.message == "The role with name none cannot be found.")
        #expect(missing?.status == 404)
        try engine.call(
            IAM.attachRolePolicy,
            IAM.AttachRolePolicyRequest(
                roleName: "worker", policyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"))
        try engine.call(
            IAM.putRolePolicy, IAM.PutRolePolicyRequest(roleName: "worker", policyName: "p", policyDocument: allowQueue)
        )
        #expect(
            engine.error(IAM.deleteRole, IAM.DeleteRoleRequest(roleName: "worker"))?.message
                == "Cannot delete entity, must detach all policies first.")
        try engine.call(
            IAM.detachRolePolicy,
            IAM.DetachRolePolicyRequest(
                roleName: "worker", policyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"))
        #expect(
            engine.error(IAM.deleteRole, IAM.DeleteRoleRequest(roleName: "worker"))?.message
                == "Cannot delete entity, must delete policies first.")
        try engine.call(IAM.deleteRolePolicy, IAM.DeleteRolePolicyRequest(roleName: "worker", policyName: "p"))
        try engine.call(IAM.deleteRole, IAM.DeleteRoleRequest(roleName: "worker"))
        #expect(try engine.call(IAM.listRoles, IAM.ListRolesRequest()).roles == [])
    }

    @Test(arguments: [
        ("not json", "This policy contains invalid Json"),
        ("{}", "Syntax errors in policy."),
        (#"{"Version":"2011-01-01","Statement":[]}"#, "Policy document must be version 2012-10-17 or greater."),
        (
            #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}}"#,
            "Has prohibited field Resource"
        ),
        (#"{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole"}}"#, "Missing required field Principal"),
        (
            #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}}"#,
            "AssumeRole policy may only specify STS AssumeRole actions."
        ),
        (
            #"{"Statement":{"Effect":"Allow","Principal":{"Service":"lambda"},"Action":"sts:AssumeRole"}}"#,
            #"Invalid principal in policy: "SERVICE":"lambda""#
        ),
    ])
    func refusesTrustPolicies(document: String, message: String) {
        let error = engine.error(
            IAM.createRole, IAM.CreateRoleRequest(roleName: "r", assumeRolePolicyDocument: document))
        #expect(error?.code == "MalformedPolicyDocumentException")
        #expect(error?.message == message)
    }

    @Test func servicesMayAssumeWhatTrustsThem() throws {
        let role = try create()
        let iam = try #require(engine.core.service(IAMService.self))
        #expect(iam.canBeAssumed(roleArn: role.arn, by: "lambda.amazonaws.com"))
        #expect(!iam.canBeAssumed(roleArn: role.arn, by: "states.amazonaws.com"))
        // A role that only exists in AWS is taken on trust, unless told otherwise.
        let unknown = "arn:aws:iam::123456789012:role/elsewhere"
        #expect(iam.canBeAssumed(roleArn: unknown, by: "lambda.amazonaws.com"))
        iam.acceptsUnknownRoles = false
        #expect(!iam.canBeAssumed(roleArn: unknown, by: "lambda.amazonaws.com"))
        #expect(iam.role(arn: unknown) == nil)
        #expect(iam.role(arn: role.arn)?.name == "worker")
    }

    @Test func listsPolicies() throws {
        try create()
        try engine.call(
            IAM.putRolePolicy,
            IAM.PutRolePolicyRequest(roleName: "worker", policyName: "inline", policyDocument: allowQueue))
        for name in ["AmazonSQSFullAccess", "AWSLambda_FullAccess"] {
            try engine.call(
                IAM.attachRolePolicy,
                IAM.AttachRolePolicyRequest(roleName: "worker", policyArn: "arn:aws:iam::aws:policy/\(name)"))
        }
        let attached = try engine.call(
            IAM.listAttachedRolePolicies, IAM.ListAttachedRolePoliciesRequest(roleName: "worker", maxItems: 1))
        #expect(attached.attachedPolicies?.map(\.policyName) == ["AWSLambda_FullAccess"])
        #expect(attached.isTruncated == true)
        let rest = try engine.call(
            IAM.listAttachedRolePolicies,
            IAM.ListAttachedRolePoliciesRequest(roleName: "worker", marker: attached.marker))
        #expect(rest.attachedPolicies?.map(\.policyName) == ["AmazonSQSFullAccess"])
        #expect(
            try engine.call(IAM.listRolePolicies, IAM.ListRolePoliciesRequest(roleName: "worker")).policyNames == [
                "inline"
            ])
        let iam = try #require(engine.core.service(IAMService.self))
        let role = try #require(iam.role(arn: "arn:aws:iam::123456789012:role/worker"))
        #expect(iam.policies(of: role).map(\.name) == ["inline", "AmazonSQSFullAccess", "AWSLambda_FullAccess"])
        let entities = try engine.call(
            IAM.listEntitiesForPolicy,
            IAM.ListEntitiesForPolicyRequest(policyArn: "arn:aws:iam::aws:policy/AmazonSQSFullAccess"))
        #expect(entities.policyRoles?.map(\.roleName) == ["worker"])
        let unknown = engine.error(
            IAM.attachRolePolicy,
            IAM.AttachRolePolicyRequest(roleName: "worker", policyArn: "arn:aws:iam::aws:policy/NoSuchPolicy"))
        #expect(unknown?.message == "Policy arn:aws:iam::aws:policy/NoSuchPolicy does not exist or is not attachable.")
    }

    @Test func survivesARestart() throws {
        let journal = try Journal(path: nil)
        let first = try TestEngine(services: [IAMService.init], journal: journal)
        let role = try first.call(
            IAM.createRole, IAM.CreateRoleRequest(roleName: "worker", assumeRolePolicyDocument: lambdaTrust)
        ).role
        let policy = try #require(
            try first.call(IAM.createPolicy, IAM.CreatePolicyRequest(policyName: "p", policyDocument: allowQueue))
                .policy?.arn)
        try first.call(IAM.attachRolePolicy, IAM.AttachRolePolicyRequest(roleName: "worker", policyArn: policy))
        try first.call(
            IAM.putRolePolicy, IAM.PutRolePolicyRequest(roleName: "worker", policyName: "i", policyDocument: allowQueue)
        )
        let second = try TestEngine(services: [IAMService.init], journal: journal)
        let iam = try #require(second.core.service(IAMService.self))
        let restored = try #require(iam.role(arn: role.arn))
        #expect(restored.id == role.roleId)
        #expect(iam.policies(of: restored).map(\.name) == ["i", "p"])
    }
}

@Suite struct ManagedPoliciesTests {
    private let engine: TestEngine

    init() throws { engine = try TestEngine(services: [IAMService.init]) }

    @Test func versionsComeAndGo() throws {
        let arn = try #require(
            try engine.call(IAM.createPolicy, IAM.CreatePolicyRequest(policyName: "p", policyDocument: allowQueue))
                .policy?.arn)
        #expect(arn == "arn:aws:iam::123456789012:policy/p")
        for _ in 0..<4 {
            try engine.call(
                IAM.createPolicyVersion,
                IAM.CreatePolicyVersionRequest(policyArn: arn, policyDocument: allowQueue, setAsDefault: true))
        }
        let full = engine.error(
            IAM.createPolicyVersion, IAM.CreatePolicyVersionRequest(policyArn: arn, policyDocument: allowQueue))
        #expect(full?.code == "LimitExceededException")
        let versions = try engine.call(IAM.listPolicyVersions, IAM.ListPolicyVersionsRequest(policyArn: arn)).versions
        #expect(versions?.map(\.versionId) == ["v5", "v4", "v3", "v2", "v1"])
        #expect(versions?.first?.isDefaultVersion == true)
        #expect(
            engine.error(IAM.deletePolicyVersion, IAM.DeletePolicyVersionRequest(policyArn: arn, versionId: "v5"))?.code
                == "DeleteConflictException")
        #expect(
            engine.error(IAM.deletePolicy, IAM.DeletePolicyRequest(policyArn: arn))?.code == "DeleteConflictException")
        try engine.call(
            IAM.setDefaultPolicyVersion, IAM.SetDefaultPolicyVersionRequest(policyArn: arn, versionId: "v1"))
        for number in 2...5 {
            try engine.call(
                IAM.deletePolicyVersion, IAM.DeletePolicyVersionRequest(policyArn: arn, versionId: "v\(number)"))
        }
        let document = try engine.call(
            IAM.getPolicyVersion, IAM.GetPolicyVersionRequest(policyArn: arn, versionId: "v1")
        ).policyVersion?.documentText
        #expect(document == IAMText.percentEncoded(allowQueue))
        try engine.call(IAM.deletePolicy, IAM.DeletePolicyRequest(policyArn: arn))
        #expect(
            engine.error(IAM.getPolicy, IAM.GetPolicyRequest(policyArn: arn))?.message == "Policy \(arn) was not found."
        )
    }

    @Test(arguments: [
        (
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:*"}}"#,
            "Policy statement must contain resources."
        ),
        (
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Resource":"*"}}"#,
            "Policy statement must contain actions."
        ),
        (
            #"{"Version":"2012-10-17","Statement":{"Effect":"Maybe","Action":"sqs:*","Resource":"*"}}"#,
            "Syntax errors in policy."
        ),
        (
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"}}"#,
            "Policy document should not specify a principal."
        ),
        (
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"send","Resource":"*"}}"#,
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
        ),
        (
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:*","Resource":"orders"}}"#,
            #"Resource orders must be in ARN format or "*"."#
        ),
    ])
    func refusesIdentityPolicies(document: String, message: String) {
        let error = engine.error(IAM.createPolicy, IAM.CreatePolicyRequest(policyName: "p", policyDocument: document))
        #expect(error?.message == message)
    }

    @Test func awsProvidesWhatServerlessProjectsAttach() throws {
        let all =
            try engine.call(IAM.listPolicies, IAM.ListPoliciesRequest(scope: "AWS", maxItems: 1000)).policies ?? []
        let names = Set(all.compactMap(\.policyName))
        for name in [
            "AWSLambdaBasicExecutionRole", "AWSLambdaSQSQueueExecutionRole", "AWSLambda_FullAccess", "AWSLambdaRole",
            "AWSStepFunctionsFullAccess", "AmazonSQSFullAccess", "CloudWatchLogsFullAccess", "AdministratorAccess",
        ] {
            #expect(names.contains(name), "\(name)")
        }
        #expect(Set(all.compactMap(\.policyId)).count == all.count)
        let change = engine.error(
            IAM.createPolicyVersion,
            IAM.CreatePolicyVersionRequest(
                policyArn: "arn:aws:iam::aws:policy/AmazonSQSFullAccess", policyDocument: allowQueue))
        #expect(change?.code == "InvalidInputException")
    }
}
