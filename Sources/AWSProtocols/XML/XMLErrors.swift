import AWSModel

/// Error replies in XML: `<ErrorResponse><Error>…`, and S3's bare `<Error>`.
enum XMLErrors {
    static func encode(
        _ error: WireError, _ service: ServiceModel?, requestID: String, contentType: String, isBare: Bool
    ) -> WireResponse {
        let shape = service?.error(error.code)
        let queryStatus = shape?.error?.queryStatusCode
        var response = WireResponse(
            status: queryStatus ?? ErrorText.status(error, shape, usesModel: true),
            headers: ["x-amzn-RequestId": requestID, "Content-Type": contentType])
        var element = XMLElement("Error")
        if !isBare {
            element.children.append(XMLElement("Type", text: ErrorText.fault(error, shape).rawValue))
        }
        element.children.append(XMLElement("Code", text: ErrorText.queryCode(error, shape)))
        // AWS: IAM's "no report" comes without a word.
        if !error.message.isEmpty { element.children.append(XMLElement("Message", text: error.message)) }
        // AWS: S3's errors name what they are about (`Key`, `BucketName`), which its model leaves out.
        if let shape, !isBare {
            var fields = error.fields
            for key in fields.keys where HTTPText.equalIgnoringCase(key, "message") { fields.remove(key) }
            XMLBody.write(fields, shape, into: &element)
        } else {
            for (key, value) in error.fields {
                if let text = value.string { element.children.append(XMLElement(key, text: text)) }
            }
        }
        ErrorText.addHeaders(error, shape, to: &response)
        if isBare {
            element.children.append(XMLElement("RequestId", text: requestID))
            // AWS: "not modified" says so without a body.
            if response.status == 304 {
                response.headers["Content-Type"] = nil
                return response
            }
            response.headers.append("x-amz-request-id", requestID)
            response.body = element.documentBytes
            return response
        }
        var root = XMLElement("ErrorResponse")
        if let namespace = service?.metadata.xmlNamespace { root.setAttribute("xmlns", namespace) }
        root.children = [element, XMLElement("RequestId", text: requestID)]
        response.body = root.documentBytes
        return response
    }

    static func decode(_ response: WireResponse, _ service: ServiceModel) -> WireError {
        let root = try? XMLReader.parse(response.body)
        let element = root.map {
            $0.localName == "Error" ? $0 : $0.child("Error") ?? $0.child("Errors")?.child("Error") ?? $0
        }
        let code = element?.child("Code")?.text ?? String(response.status)
        var error = WireError(
            code, element?.child("Message")?.text ?? element?.child("message")?.text ?? "", status: response.status,
            fault: response.status >= 500 ? .server : .client,
            requestID: root?.child("RequestId")?.text ?? root?.child("RequestID")?.text
                ?? ErrorText.requestID(response.headers))
        if let type = element?.child("Type")?.text { error.fault = WireError.Fault(rawValue: type) ?? error.fault }
        if let shape = service.error(code), let element {
            error.fields = (try? XMLBody.structure(element, shape)) ?? [:]
            ErrorText.addFields(from: response.headers, shape, to: &error)
        }
        return error
    }
}
