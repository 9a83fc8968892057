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
}
