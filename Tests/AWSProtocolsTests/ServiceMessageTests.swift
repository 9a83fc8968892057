import AWSModel
import AWSProtocols
import AWSTypes
import Testing

/// Messages of real services, in the forms that their older and newer clients use.
struct ServiceMessageTests {
    private func model(_ id: ServiceID) throws -> ServiceModel { try #require(ServiceModel.load(id)) }

    private func text(_ response: WireResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test func sqsFormsOfOldClients() throws {
        let sqs = try model(.sqs)
        let send = try #require(sqs.operations["SendMessage"])
        let body =
            "Action=SendMessage&Version=2012-11-05&QueueUrl=http%3A%2F%2Fq&MessageBody=a+b%26c"
            + "&MessageAttribute.1.Name=color&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=red"
        let input = try AWSQueryProtocol().decodeRequest(WireRequest(body: Array(body.utf8)), send, of: sqs)
        #expect(input.string("MessageBody") == "a b&c")
        #expect(input["MessageAttributes"]?["color"]?["StringValue"] == "red")
        let create = try #require(sqs.operations["CreateQueue"])
        let form = "QueueName=q&Attribute.1.Name=DelaySeconds&Attribute.1.Value=5&Tag.1.Key=k&Tag.1.Value=v"
        #expect(
            try AWSQueryProtocol().decodeRequest(WireRequest(body: Array(form.utf8)), create, of: sqs)
                == ["QueueName": "q", "Attributes": ["DelaySeconds": "5"], "tags": ["k": "v"]])
        let receive = try #require(sqs.operations["ReceiveMessage"])
        let output: DocumentObject = [
            "Messages": [["MessageId": "1", "Body": "<&>", "Attributes": ["SentTimestamp": "5"]]]
        ]
        let response = AWSQueryProtocol().encodeResponse(output, receive, of: sqs, requestID: "r")
        #expect(
            text(response).contains(
                "<ReceiveMessageResult><Message><MessageId>1</MessageId><Body>&lt;&amp;&gt;</Body>"
                    + "<Attribute><Name>SentTimestamp</Name><Value>5</Value></Attribute></Message></ReceiveMessageResult>"
            ))
        #expect(try AWSQueryProtocol().decodeResponse(response, receive, of: sqs) == output)
    }

    @Test func sqsErrorsCarryTheirOldCodes() throws {
        let sqs = try model(.sqs)
        let error = WireError("QueueDoesNotExist", "The specified queue does not exist.")
        let json = AWSJSONProtocol().encodeError(error, of: sqs, requestID: "r")
        #expect(json.headers["x-amzn-query-error"] == "AWS.SimpleQueueService.NonExistentQueue;Sender")
        #expect(
            text(json)
                == #"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}"#)
        let xml = AWSQueryProtocol().encodeError(error, of: sqs, requestID: "r")
        #expect(text(xml).contains("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>"))
        let purge = WireError("PurgeQueueInProgress", "wait")
        #expect(AWSQueryProtocol().encodeError(purge, of: sqs, requestID: "r").status == 403)
        #expect(AWSJSONProtocol().encodeError(purge, of: sqs, requestID: "r").status == 400)
    }

    @Test func lambdaErrorsNameTheFault() throws {
        let lambda = try model(.lambda)
        let response = RESTJSONProtocol().encodeError(
            WireError("ResourceNotFoundException", "Function not found"), of: lambda, requestID: "r")
        #expect(response.status == 404)
        #expect(response.headers["x-amzn-errortype"] == "ResourceNotFoundException")
        #expect(text(response) == #"{"Type":"User","Message":"Function not found"}"#)
        let throttle = WireError(
            "TooManyRequestsException", "Rate Exceeded.",
            fields: ["Reason": "ReservedFunctionConcurrentInvocationLimitExceeded"])
        #expect(RESTJSONProtocol().encodeError(throttle, of: lambda, requestID: "r").status == 429)
    }

    @Test func invocationsKeepTheirBytesAndStatus() throws {
        let lambda = try model(.lambda)
        let invoke = try #require(lambda.operations["Invoke"])
        let output: DocumentObject = ["StatusCode": 202, "FunctionError": "Unhandled", "Payload": .bytes([0, 255, 1])]
        let response = RESTJSONProtocol().encodeResponse(output, invoke, of: lambda, requestID: "r")
        #expect(response.status == 202)
        #expect(response.body == [0, 255, 1])
        #expect(response.headers["X-Amz-Function-Error"] == "Unhandled")
        #expect(try RESTJSONProtocol().decodeResponse(response, invoke, of: lambda) == output)
    }

    @Test func responseStreamsAreFramed() throws {
        let lambda = try model(.lambda)
        let operation = try #require(lambda.operations["InvokeWithResponseStream"])
        let output: DocumentObject = [
            "StatusCode": 200, "ResponseStreamContentType": "application/vnd.amazon.eventstream",
            "EventStream": [
                ["PayloadChunk": ["Payload": .bytes(Array("hel".utf8))]],
                ["PayloadChunk": ["Payload": .bytes(Array("lo".utf8))]],
                ["InvokeComplete": ["ErrorCode": "Oops"]],
            ],
        ]
        let response = RESTJSONProtocol().encodeResponse(output, operation, of: lambda, requestID: "r")
        #expect(response.headers["content-type"] == "application/vnd.amazon.eventstream")
        #expect(try RESTJSONProtocol().decodeResponse(response, operation, of: lambda) == output)
        var damaged = response
        damaged.body[20] ^= 1
        #expect(throws: WireError.self) { try RESTJSONProtocol().decodeResponse(damaged, operation, of: lambda) }
    }

    @Test func identityAnswersInXML() throws {
        let sts = try model(.sts)
        let operation = try #require(sts.operations["GetCallerIdentity"])
        let output: DocumentObject = [
            "UserId": "u", "Account": "123456789012", "Arn": "arn:aws:iam::123456789012:root",
        ]
        let response = AWSQueryProtocol().encodeResponse(output, operation, of: sts, requestID: "r-1")
        #expect(
            text(response).hasSuffix(
                #"<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>"#
                    + "<UserId>u</UserId><Account>123456789012</Account><Arn>arn:aws:iam::123456789012:root</Arn>"
                    + "</GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>"
                    + "</GetCallerIdentityResponse>"))
        let error = AWSQueryProtocol().encodeError(WireError("ValidationException", "m"), of: sts, requestID: "r")
        #expect(text(error).contains("<Code>ValidationError</Code>"))
    }

    @Test func wrongTypesAreRefusedInAWSsWords() throws {
        let sqs = try model(.sqs)
        let send = try #require(sqs.operations["SendMessage"])
        func code(_ body: String) -> String? {
            do {
                _ = try AWSJSONProtocol().decodeRequest(WireRequest(body: Array(body.utf8)), send, of: sqs)
                return nil
            } catch {
                return "\(error.code): \(error.message)"
            }
        }
        #expect(code(#"{"MessageBody":5}"#) == "SerializationException: NUMBER_VALUE can not be converted to a String")
        #expect(
            code(#"{"DelaySeconds":"5"}"#) == "SerializationException: STRING_VALUE can not be converted to an Integer")
        #expect(
            code(#"{"MessageBody":{}}"#)
                == "SerializationException: Start of structure or map found where not expected.")
        for body in [#"{"MessageBody":[]}"#, #"{"DelaySeconds":[]}"#] {
            #expect(code(body) == "SerializationException: Start of list found where not expected")
        }
        #expect(code("{")?.hasPrefix("SerializationException") == true)
        #expect(code("[]")?.hasPrefix("SerializationException") == true)
        #expect(code(#"{"MessageBody":"a","Unknown":1,"DelaySeconds":null}"#) == nil)
    }

    /// The budget is a few microseconds in a release build; a debug build only shows that nothing is quadratic.
    @Test func aSendMessageIsCheap() throws {
        let sqs = try model(.sqs)
        let send = try #require(sqs.operations["SendMessage"])
        let body = Array(
            #"{"QueueUrl":"http://sqs.us-east-1.localhost:4566/000000000000/orders","MessageBody":"{\"order\":17,\"lines\":[1,2,3]}","MessageAttributes":{"color":{"DataType":"String","StringValue":"red"}}}"#
                .utf8)
        let output: DocumentObject = [
            "MD5OfMessageBody": "098f6bcd4621d373cade4e832627b4f6", "MessageId": "5fea7756-0ea4-451a-a703-a558b933e274",
        ]
        let count = 2000
        var bytes = 0
        let time = try ContinuousClock().measure {
            for _ in 0..<count {
                let input = try AWSJSONProtocol().decodeRequest(WireRequest(body: body), send, of: sqs)
                _ = ModelValidator.validate(input, send, of: sqs)
                bytes += SQS.SendMessageRequest(input).messageBody.utf8.count
                bytes += AWSJSONProtocol().encodeResponse(output, send, of: sqs, requestID: "r").body.count
            }
        }
        print("SendMessage, decode and encode: \(time / count)")
        #expect(bytes > 0)
        #expect(time / count < .milliseconds(2))
    }
}
