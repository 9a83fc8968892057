import AWSModel
import AWSTypes
import Testing

struct ServiceModelTests {
    @Test func everyModelLoadsAndItsReferencesResolve() throws {
        for id in ServiceModel.all {
            let model = try #require(ServiceModel.load(id))
            #expect(!model.operations.isEmpty)
            for shape in model.shapes.values {
                switch shape.kind {
                case .list: #expect(shape.element != nil, "\(id) \(shape.name)")
                case .map: #expect(shape.key != nil && shape.element != nil, "\(id) \(shape.name)")
                default: break
                }
            }
            #expect(ServiceModel.addresses.contains(model.address))
        }
    }

    @Test func structuresReadWhatTheyWrite() {
        let request = SQS.SendMessageRequest(
            queueUrl: "http://localhost/q", messageBody: "hello", delaySeconds: 3,
            messageAttributes: ["color": .init(stringValue: "red", dataType: "String")])
        #expect(SQS.SendMessageRequest(request.document) == request)
        #expect(request.document.string("QueueUrl") == "http://localhost/q")
        #expect(request.document["MessageGroupId"] == nil)
        #expect(SQS.sendMessage.name == "SendMessage")
    }

    @Test func sqsKeepsItsQueryNames() throws {
        let model = try #require(ServiceModel.load(.sqs))
        #expect(model.error("QueueDoesNotExist")?.error?.queryCode == "AWS.SimpleQueueService.NonExistentQueue")
        #expect(model.metadata.protocols == [.json, .query])
        #expect(
            model.operations["SendMessage"]?.input?.shape.member("MessageAttributes")?.xmlName == "MessageAttribute")
        #expect(
            model.operations["SendMessage"]?.input?.shape.member("MessageAttributes")?.wireName == "MessageAttributes")
    }

    @Test func routesPreferWhatSaysMore() throws {
        let routes = try #require(ServiceModel.load(.lambda)).routes
        func name(_ method: String, _ path: String) -> String? {
            routes.operation(method: method, path: path.split(separator: "/")) { _ in nil }?.name
        }
        #expect(name("GET", "/2015-03-31/functions/") == "ListFunctions")
        #expect(name("GET", "/2015-03-31/functions/orders") == "GetFunction")
        #expect(name("POST", "/2015-03-31/functions/orders/invocations") == "Invoke")
        #expect(name("DELETE", "/2015-03-31/functions/orders") == "DeleteFunction")
        #expect(name("GET", "/nowhere") == nil)
    }

    @Test func resourceNames() {
        let arn = ARN("arn:aws:lambda:us-east-1:123456789012:function:orders:PROD")
        #expect(arn?.resourceType == "function")
        #expect(arn?.resourceName == "orders:PROD")
        #expect(arn?.description == "arn:aws:lambda:us-east-1:123456789012:function:orders:PROD")
        #expect(ARN("arn:aws:iam::123456789012:role/path/name")?.resourceName == "path/name")
        #expect(ARN("not an arn") == nil)
        #expect(ARN("arn:aws:s3:::") == nil)
    }
}
