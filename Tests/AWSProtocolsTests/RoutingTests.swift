import AWSModel
import AWSProtocols
import AWSTypes
import Testing

struct RoutingTests {
    private let resolver = RouteResolver(addresses: ServiceModel.addresses, load: ServiceModel.load)

    private func authorization(_ service: String, _ region: String = "eu-west-1") -> String {
        "AWS4-HMAC-SHA256 Credential=KEY/20260101/\(region)/\(service)/aws4_request, SignedHeaders=host, Signature=0"
    }

    @Test func targetsNameTheOperation() throws {
        let route = try resolver.resolve(
            WireRequest(headers: ["X-Amz-Target": "AmazonSQS.SendMessage", "Authorization": authorization("sqs")]))
        #expect(route.operation.name == "SendMessage")
        #expect(route.codec.wireProtocol == .json)
        #expect(route.scope?.region == "eu-west-1")
    }

    @Test func cloudWatchSpeaksThreeProtocols() throws {
        let cbor = try resolver.resolve(
            WireRequest(
                path: "/service/GraniteServiceVersion20100801/operation/PutMetricData",
                headers: ["smithy-protocol": "rpc-v2-cbor"]))
        #expect(cbor.operation.name == "PutMetricData" && cbor.codec.wireProtocol == .rpcV2CBOR)
        let query = try resolver.resolve(
            WireRequest(
                headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
                body: Array("Action=PutMetricData&Version=2010-08-01&Namespace=n".utf8)))
        #expect(query.service.id == .cloudwatch && query.codec.wireProtocol == .query)
        let json = try resolver.resolve(
            WireRequest(headers: ["X-Amz-Target": "GraniteServiceVersion20100801.PutMetricData"]))
        #expect(json.codec.wireProtocol == .json)
    }

    @Test func pathsNameLambdasOperations() throws {
        for headers: WireHeaders in [
            ["Authorization": authorization("lambda")], [:], ["Host": "lambda.localhost:4566"],
        ] {
            let route = try resolver.resolve(
                WireRequest(path: "/2015-03-31/functions/a%3Ab/invocations", query: "Qualifier=1", headers: headers))
            #expect(route.operation.name == "Invoke")
            var request = WireRequest(path: "/2015-03-31/functions/a%3Ab/invocations", query: "Qualifier=1")
            request.body = Array("{}".utf8)
            #expect(
                try route.decode(request) == [
                    "FunctionName": "a:b", "Qualifier": "1", "Payload": .bytes(Array("{}".utf8)),
                ])
        }
    }

    @Test func aQueuesURLIsAnEndpoint() throws {
        func route(_ path: String, _ query: String) throws -> (Route, DocumentObject) {
            let request = WireRequest(method: "GET", path: path, query: query, headers: ["Host": "sqs.local:4566"])
            let route = try resolver.resolve(request)
            return (route, try route.decode(request))
        }
        let (send, input) = try route("/123456789012/orders.fifo", "Action=SendMessage&MessageBody=m")
        #expect(send.operation.name == "SendMessage")
        #expect(input.string("QueueUrl") == "http://sqs.local:4566/123456789012/orders.fifo")
        let regional = try route("/queue/eu-west-1/123456789012/orders", "Action=PurgeQueue").1
        #expect(regional.string("QueueUrl")?.hasSuffix("/123456789012/orders") == true)
        let other = try route("/123456789012/orders", "Action=DeleteQueue&QueueUrl=http://h/123456789012/other").1
        #expect(other.string("QueueUrl") == "http://h/123456789012/other")
        let lookup = try route("/123456789012/orders", "Action=GetQueueUrl&QueueName=other").1
        #expect(lookup == ["QueueName": "other"])
    }

    @Test(arguments: [
        ("Action=ListQueues", 400, "<Message>The action ListQueues is not valid for this endpoint.</Message>"),
        ("Action=Publish", 400, "<Message>The action Publish is not valid for this endpoint.</Message>"),
        ("", 404, "<UnknownOperationException/>"),
    ])
    func aQueuesURLRefusesWhatIsNotAboutTheQueue(_ query: String, _ status: Int, _ text: String) {
        do {
            _ = try resolver.resolve(WireRequest(method: "GET", path: "/123456789012/orders", query: query))
            Issue.record("it was taken")
        } catch {
            let response = error.response(requestID: "r")
            #expect(response.status == status)
            #expect(String(decoding: response.body, as: UTF8.self).contains(text))
        }
    }

    @Test func queriesAreAnsweredInJSONWhereOnlyThatIsAccepted() throws {
        func answered(_ query: String, _ output: DocumentObject) -> (WireResponse, DocumentValue?) {
            let request = WireRequest(
                method: "GET", path: "/123456789012/orders", query: query, headers: ["Accept": "application/json"])
            var response: WireResponse
            do {
                let route = try resolver.resolve(request)
                response = route.codec.encodeResponse(output, route.operation, of: route.service, requestID: "r")
            } catch {
                response = error.response(requestID: "r")
            }
            return (response, try? JSONReader.parse(response.body))
        }
        let (response, answer) = answered(
            "Action=GetQueueAttributes&AttributeName.1=All", ["Attributes": ["DelaySeconds": "0"]])
        #expect(response.headers["Content-Type"] == "application/json")
        let attributes: DocumentValue = [
            "GetQueueAttributesResponse": [
                "GetQueueAttributesResult": ["Attributes": [["Name": "DelaySeconds", "Value": "0"]]],
                "ResponseMetadata": ["RequestId": "r"],
            ]
        ]
        #expect(answer == attributes)
        let (refused, error) = answered("Action=ListQueues", [:])
        #expect(refused.status == 400)
        let refusal: DocumentValue = [
            "Error": [
                "Code": "InvalidAction", "Message": "The action ListQueues is not valid for this endpoint.",
                "Type": "Sender",
            ],
            "RequestId": "r",
        ]
        #expect(error == refusal)
    }

    @Test func whatIsUnknownIsSaidInTheCallersProtocol() throws {
        func failure(_ request: WireRequest) -> (WireResponse, String)? {
            do {
                _ = try resolver.resolve(request)
                return nil
            } catch {
                return (error.response(requestID: "r"), error.error.code)
            }
        }
        let json = failure(WireRequest(headers: ["X-Amz-Target": "AmazonSQS.Nothing"]))
        #expect(json?.1 == "UnknownOperationException")
        #expect(json?.0.headers["content-type"] == "application/x-amz-json-1.0")
        let form: WireHeaders = ["Content-Type": "application/x-www-form-urlencoded"]
        let query = failure(WireRequest(headers: form, body: Array("Action=Nothing&Version=2012-11-05".utf8)))
        #expect(query?.1 == "InvalidAction")
        let text = String(decoding: query?.0.body ?? [], as: UTF8.self)
        #expect(text.contains("<Code>InvalidAction</Code>"))
        #expect(failure(WireRequest(method: "GET", path: "/nowhere"))?.0.status == 404)
    }

    @Test func bucketsAreInPathsAndHosts() throws {
        func key(_ request: WireRequest) throws -> [String?] {
            let route = try resolver.resolve(request)
            let input = try route.decode(request)
            return [route.operation.name, input.string("Bucket"), input.string("Key")]
        }
        let signed: WireHeaders = ["Authorization": authorization("s3"), "Host": "127.0.0.1:4566"]
        #expect(try key(WireRequest(method: "GET", path: "/b/k", headers: signed)) == ["GetObject", "b", "k"])
        #expect(try key(WireRequest(method: "GET", path: "/b//k/", headers: signed)) == ["GetObject", "b", "/k/"])
        #expect(try key(WireRequest(method: "GET", path: "/b/", headers: signed)) == ["ListObjects", "b", nil])
        #expect(
            try key(WireRequest(method: "GET", path: "/b", query: "list-type=2", headers: signed))
                == ["ListObjectsV2", "b", nil])
        #expect(try key(WireRequest(method: "GET", path: "/b", query: "acl", headers: signed))[0] == "GetBucketAcl")
        for host in ["b.c.s3.eu-west-1.amazonaws.com", "b.c.s3.localhost:4566", "b.c.localhost:4566"] {
            var headers = signed
            headers["Host"] = host
            #expect(try key(WireRequest(method: "GET", path: "/k", headers: headers)) == ["GetObject", "b.c", "k"])
        }
    }

    @Test func whatARequestCarriesTellsOperationsOfOnePathApart() throws {
        func name(_ method: String, _ query: String, _ headers: WireHeaders = [:]) throws -> String {
            var headers = headers
            headers.append("Authorization", authorization("s3"))
            return try resolver.resolve(WireRequest(method: method, path: "/b/k", query: query, headers: headers))
                .operation.name
        }
        #expect(try name("PUT", "") == "PutObject")
        #expect(try name("PUT", "", ["x-amz-copy-source": "a/b"]) == "CopyObject")
        #expect(try name("PUT", "partNumber=1&uploadId=2") == "UploadPart")
        #expect(try name("PUT", "partNumber=1&uploadId=2", ["x-amz-copy-source": "a/b"]) == "UploadPartCopy")
        #expect(try name("GET", "uploadId=2") == "ListParts")
        #expect(try name("DELETE", "uploadId=2") == "AbortMultipartUpload")
        #expect(try name("DELETE", "") == "DeleteObject")
    }

    @Test func unsignedPathsAreNoBuckets() throws {
        #expect(throws: RoutingFailure.self) {
            try resolver.resolve(WireRequest(method: "GET", path: "/nowhere", headers: ["Host": "localhost:4566"]))
        }
        let route = try resolver.resolve(
            WireRequest(method: "GET", path: "/2015-03-31/functions", headers: ["Host": "localhost:4566"]))
        #expect(route.operation.name == "ListFunctions")
    }

    @Test func chunkedPayloadsAreUnwrapped() throws {
        var request = WireRequest(
            method: "PUT", path: "/b/k",
            headers: ["Content-Encoding": "gzip,aws-chunked", "x-amz-decoded-content-length": "11"],
            body: Array("5;chunk-signature=0\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:AA==\r\n\r\n".utf8))
        try ChunkedPayload.decode(&request)
        #expect(String(decoding: request.body, as: UTF8.self) == "hello world")
        #expect(request.headers["Content-Encoding"] == "gzip" && request.headers["x-amz-checksum-crc32"] == "AA==")
        var broken = WireRequest(headers: ["Content-Encoding": "aws-chunked"], body: Array("5\r\nhel".utf8))
        #expect(throws: WireError.self) { try ChunkedPayload.decode(&broken) }
    }
}
