import AWSModel
import AWSTypes
import Testing

struct ModelValidatorTests {
    private func failure(_ service: ServiceID, _ operation: String, _ input: DocumentObject) throws
        -> ValidationFailure?
    {
        let model = try #require(ServiceModel.load(service))
        return ModelValidator.validate(input, try #require(model.operations[operation]), of: model)
    }

    @Test func whatIsRightPasses() throws {
        #expect(try failure(.lambda, "GetFunction", ["FunctionName": "orders:PROD"]) == nil)
        #expect(
            try failure(
                .lambda, "GetFunction", ["FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:orders"])
                == nil)
        #expect(try failure(.logs, "CreateLogGroup", ["logGroupName": "/aws/lambda/orders"]) == nil)
        #expect(try failure(.iam, "GetRole", ["RoleName": "service-role"]) == nil)
    }

    @Test func aMissingMemberIsNull() throws {
        let failure = try failure(.stepfunctions, "StartExecution", [:])
        #expect(failure?.code == "ValidationException")
        #expect(
            failure?.message
                == "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null"
        )
    }

    @Test func anEntryOfPutEventsPrintsItselfAsItsClassDoes() throws {
        let entry: DocumentValue = ["Source": "shop", "DetailType": "order", "Detail": "{}", "Resources": ["a", "b"]]
        let failure = try failure(.events, "PutEvents", ["Entries": .list(Array(repeating: entry, count: 11))])
        let text =
            "PutEventsRequestEntry(time=null, source=shop, resources=[a, b], detailType=order, detail={}, eventBusName=null, traceHeader=null, kmsKeyIdentifier=null, internalMetadata=null)"
        #expect(
            failure?.message
                == "1 validation error detected: Value '[\(Array(repeating: text, count: 11).joined(separator: ", "))]' at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10"
        )
    }

    @Test func severalViolationsAreJoined() throws {
        let failure = try failure(
            .lambda, "PublishVersion",
            ["FunctionName": "a b", "Description": .string(String(repeating: "x", count: 257))])
        let message = failure?.message ?? ""
        #expect(
            message.hasPrefix(
                "2 validation errors detected: Value 'a b' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: "
            ))
        #expect(
            message.hasSuffix(
                "; Value '\(String(repeating: "x", count: 257))' at 'description' failed to satisfy constraint: Member must have length less than or equal to 256"
            ))
    }

    @Test func enumerationsAndRanges() throws {
        let packageType = try failure(
            .lambda, "CreateFunction",
            ["FunctionName": "f", "Role": "arn:aws:iam::123456789012:role/r", "Code": [:], "PackageType": "Tar"])
        #expect(packageType?.violations.map(\.constraint) == ["Member must satisfy enum value set: [Zip, Image]"])
        let timeout = try failure(.lambda, "UpdateFunctionConfiguration", ["FunctionName": "f", "Timeout": 0])
        #expect(
            timeout?.message.hasSuffix(
                "Value '0' at 'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1"
            ) == true)
    }

    /// As AWS answered both.
    @Test func structuresAndSomeEnumerationsAreWrittenAsAWSDoes() throws {
        let route = { (weight: Int64) -> DocumentValue in
            ["stateMachineVersionArn": .string("v:\(weight)"), "weight": .integer(weight)]
        }
        let routes = try failure(
            .stepfunctions, "CreateStateMachineAlias",
            ["name": "a", "routingConfiguration": [route(50), route(30), route(20)]])
        #expect(
            routes?.message
                == "1 validation error detected: Value '[RoutingConfigurationListItem(stateMachineVersionArn=v:50, weight=50), RoutingConfigurationListItem(stateMachineVersionArn=v:30, weight=30), RoutingConfigurationListItem(stateMachineVersionArn=v:20, weight=20)]' at 'routingConfiguration' failed to satisfy constraint: Member must have length less than or equal to 2"
        )
        let filter = try failure(.stepfunctions, "ListExecutions", ["statusFilter": "succeeded"])
        #expect(
            filter?.violations.map(\.constraint) == [
                "Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]"
            ])
    }

    @Test func listsNameTheirMembers() throws {
        let model = try #require(ServiceModel.load(.cloudwatch))
        let failure = ModelValidator.validate(
            ["Namespace": "n", "MetricData": [["MetricName": "m"], ["MetricName": ""]]],
            try #require(model.operations["PutMetricData"]), of: model, checks: .all)
        #expect(failure?.violations.map(\.path) == ["metricData.2.member.metricName"])
    }

    @Test func identitiesAreRefusedWithoutTheirValuesInAnOrderOfTheirOwn() throws {
        let long = String(repeating: "u", count: 256)
        let provider = try failure(
            .iam, "CreateOpenIDConnectProvider", ["Url": .string(long), "ThumbprintList": ["short"]])
        #expect(provider?.violations.map(\.path) == ["thumbprintList", "url"])
        #expect(
            provider?.message.hasSuffix(
                "Value at 'url' failed to satisfy constraint: Member must have length less than or equal to 255")
                == true)
        let keys = try failure(
            .iam, "UntagRole", ["RoleName": "r", "TagKeys": [.string(String(repeating: "k", count: 129))]])
        #expect(keys?.message.hasSuffix(", Member must not be null]") == true)
        // AWS: checked by IAM itself.
        #expect(try failure(.iam, "CreateVirtualMFADevice", ["VirtualMFADeviceName": "d", "Path": "x"]) == nil)
    }

    @Test func servicesWithWordsOfTheirOwn() throws {
        #expect(try failure(.sqs, "SendMessage", [:]) == nil)
        #expect(try failure(.cloudwatch, "PutMetricData", [:]) == nil)
        #expect(try failure(.logs, "CreateLogGroup", ["logGroupName": "a b"])?.code == "InvalidParameterException")
    }

    @Test(arguments: [
        ("[a-z]+", "abc", true), ("[a-z]+", "abC", false), ("^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$", "123", false),
        ("^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$", "123a", true), ("(ab|a)(c|bcd)?", "abcd", true),
        ("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", "Grüße 1", true), ("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", "a!", false),
        ("a{2,3}", "aaaa", false), ("\\d{12}", "123456789012", true), ("$|x", "", true), ("[^:].*", ":a", false),
        ("[a-zA-Z0-9-_]+", "a-b_c", true), ("^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$", "a--b", false),
        ("[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+", "tab\tand ÿ", true), ("((/[A-Za-z0-9]+)*)/", "/a/b/", true),
    ])
    func patterns(_ pattern: String, _ text: String, _ matches: Bool) throws {
        #expect(try #require(Pattern(pattern)).matches(text) == matches)
    }

    @Test func everyPatternOfEveryModelIsUnderstood() throws {
        for id in ServiceModel.all {
            for shape in try #require(ServiceModel.load(id)).shapes.values where shape.pattern != nil {
                #expect(shape.compiledPattern != nil, "\(id) \(shape.name): \(shape.pattern ?? "")")
            }
        }
    }

    @Test func aHostileTextEnds() throws {
        #expect(try #require(Pattern("(a+)+b")).matches(String(repeating: "a", count: 64)))
    }
}
