import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Data protection policies of groups and accounts, and account policies of the other kinds.
@Suite struct DataProtectionTests {
    private let engine: TestEngine

    init() throws {
        engine = try TestEngine()
        try Self.makeGroup(engine)
    }

    private static func makeGroup(_ engine: TestEngine) throws {
        try engine.call(Logs.createLogGroup, Logs.CreateLogGroupRequest(logGroupName: "shop"))
        try engine.call(
            Logs.createLogStream, Logs.CreateLogStreamRequest(logGroupName: "shop", logStreamName: "web"))
    }

    private static func policy(_ names: String..., masked: [String]? = nil) -> String {
        func list(_ names: [String]) -> String {
            names.map { "\"arn:aws:dataprotection::aws:data-identifier/\($0)\"" }.joined(separator: ",")
        }
        return """
            {"Name": "p", "Version": "2021-06-01", "Statement": [
            {"Sid": "a", "DataIdentifier": [\(list(names))], "Operation": {"Audit": {"FindingsDestination": {}}}},
            {"Sid": "r", "DataIdentifier": [\(list(masked ?? names))], "Operation": {"Deidentify": {"MaskConfig": {}}}}]}
            """
    }

    private static func log(_ message: String, in engine: TestEngine) throws {
        engine.advance(by: .seconds(1))
        try engine.call(
            Logs.putLogEvents,
            Logs.PutLogEventsRequest(
                logGroupName: "shop", logStreamName: "web",
                logEvents: [
                    Logs.InputLogEvent(timestamp: Int(engine.core.now.epochMilliseconds), message: message)
                ]))
        engine.advance(by: .seconds(1))
    }

    private static func read(_ engine: TestEngine, unmask: Bool? = nil) throws -> [String?] {
        let output = try engine.call(
            Logs.getLogEvents,
            Logs.GetLogEventsRequest(logGroupName: "shop", logStreamName: "web", startFromHead: true, unmask: unmask))
        return output.events?.map(\.message) ?? []
    }

    static let cases: [(String, String, String)] = [
        ("EmailAddress", "mail ada@example.com now", "mail *************** now"),
        ("IpAddress", "from 10.0.0.1:80", "from ********:80"),
        ("CreditCardNumber", "card 4111 1111 1111 1111.", "card *******************."),
        // Its check digit is wrong.
        ("CreditCardNumber", "card 4111 1111 1111 1112.", "card 4111 1111 1111 1112."),
        ("Ssn-US", "ssn 123-45-6789", "ssn ***********"),
        (
            "AwsSecretKey", "secret wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYaa",
            "secret ****************************************"
        ),
        // No word near it says what it is.
        (
            "AwsSecretKey", "digest wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYaa",
            "digest wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYaa"
        ),
        ("PhoneNumber-US", "phone (415) 555-0132", "phone **************"),
        ("BankAccountNumber-DE", "DE89 3704 0044 0532 0130 00", "***************************"),
    ]

    @Test(arguments: cases) func identifiers(_ name: String, _ message: String, _ shown: String) throws {
        try engine.call(
            Logs.putDataProtectionPolicy,
            Logs.PutDataProtectionPolicyRequest(logGroupIdentifier: "shop", policyDocument: Self.policy(name)))
        try Self.log(message, in: engine)
        #expect(try Self.read(engine) == [shown])
        #expect(try Self.read(engine, unmask: true) == [message])
    }

    @Test func `only what came under the policy is masked`() throws {
        let mail = "ada@example.com"
        let stars = String(repeating: "*", count: mail.count)
        try Self.log(mail, in: engine)
        try engine.call(
            Logs.putDataProtectionPolicy,
            Logs.PutDataProtectionPolicyRequest(logGroupIdentifier: "shop", policyDocument: Self.policy("EmailAddress"))
        )
        try Self.log(mail, in: engine)
        try engine.call(
            Logs.deleteDataProtectionPolicy, Logs.DeleteDataProtectionPolicyRequest(logGroupIdentifier: "shop"))
        try Self.log(mail, in: engine)
        #expect(try Self.read(engine) == [mail, stars, mail])
        let filtered = try engine.call(
            Logs.filterLogEvents, Logs.FilterLogEventsRequest(logGroupName: "shop", filterPattern: "ada")
        ).events
        #expect(filtered?.count == 2)
        let end = Int(engine.core.now.epochMilliseconds / 1000)
        let id = try engine.call(
            Logs.startQuery,
            Logs.StartQueryRequest(
                logGroupName: "shop", startTime: end - 3600, endTime: end,
                queryString: "fields @message, unmask(@message) as plain | sort @timestamp | display @message, plain")
        ).queryId
        let rows = try engine.call(Logs.getQueryResults, Logs.GetQueryResultsRequest(queryId: id ?? "")).results
        let shown = rows?.map { row in row.filter { $0.field != "@ptr" }.map { $0.value ?? "" } }
        #expect(shown == [[mail, mail], [stars, mail], [mail, mail]])
    }

    @Test func `the policies of a group and its account add up and outlive a restart`() throws {
        let world = try StoredWorld()
        try Self.makeGroup(world.engine)
        try world.engine.call(
            Logs.putDataProtectionPolicy,
            Logs.PutDataProtectionPolicyRequest(logGroupIdentifier: "shop", policyDocument: Self.policy("IpAddress")))
        try world.engine.call(
            Logs.putAccountPolicy,
            Logs.PutAccountPolicyRequest(
                policyName: "mails", policyDocument: Self.policy("EmailAddress"), policyType: "DATA_PROTECTION_POLICY"))
        try Self.log("a@b.io from 10.0.0.1", in: world.engine)
        #expect(try Self.read(world.engine) == ["****** from ********"])
        try world.restart()
        #expect(try Self.read(world.engine) == ["****** from ********"])
        try world.engine.call(
            Logs.deleteAccountPolicy,
            Logs.DeleteAccountPolicyRequest(policyName: "mails", policyType: "DATA_PROTECTION_POLICY"))
        try Self.log("a@b.io from 10.0.0.1", in: world.engine)
        #expect(try Self.read(world.engine) == ["****** from ********", "a@b.io from ********"])
    }

    @Test func `an account's transformer is for the groups it chooses`() throws {
        try engine.call(
            Logs.putAccountPolicy,
            Logs.PutAccountPolicyRequest(
                policyName: "t", policyDocument: #"[{"parseKeyValue": {}}]"#, policyType: "TRANSFORMER_POLICY",
                selectionCriteria: #"LogGroupNamePrefix IN ["sh"]"#))
        try Self.log("user=ada", in: engine)
        let fields = try engine.call(
            Logs.getLogGroupFields, Logs.GetLogGroupFieldsRequest(logGroupName: "shop")
        ).logGroupFields
        #expect(fields?.contains { $0.name == "user" } == true)
        #expect(
            engine.error(
                Logs.putAccountPolicy,
                Logs.PutAccountPolicyRequest(
                    policyName: "t", policyDocument: "[]", policyType: "TRANSFORMER_POLICY",
                    selectionCriteria: "Region IN [1]"))?.code == "InvalidParameterException")
    }

    @Test func `what is refused`() {
        func refused(_ policy: String) -> ServiceError? {
            engine.error(
                Logs.putDataProtectionPolicy,
                Logs.PutDataProtectionPolicyRequest(logGroupIdentifier: "shop", policyDocument: policy))
        }
        #expect(refused("{}")?.code == "InvalidParameterException")
        #expect(
            refused(Self.policy("EmailAddress", masked: ["IpAddress"]))?.message
                == "The DataIdentifier lists of both statements must match exactly.")
        #expect(refused(Self.policy("Name"))?.message.contains("data identifier Name") == true)
        #expect(
            engine.error(
                Logs.deleteDataProtectionPolicy, Logs.DeleteDataProtectionPolicyRequest(logGroupIdentifier: "shop"))?
                .code == "ResourceNotFoundException")
    }
}
