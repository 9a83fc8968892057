import AWSModel

/// awsQuery's answers as JSON, which callers get who accept nothing but it.
enum QueryJSON {
    static func isWanted(by request: WireRequest) -> Bool {
        guard let accepted = request.headers["Accept"]?.lowercased() else { return false }
        return accepted.contains("application/json") && !accepted.contains("xml")
    }

    static func encode(
        _ output: DocumentObject, _ operation: OperationModel, requestID: String
    ) -> WireResponse {
        var answer = DocumentObject()
        if let shape = operation.output?.shape {
            answer.append(operation.resultWrapper ?? "\(operation.name)Result", .object(structure(output, shape)))
        }
        answer.append("ResponseMetadata", ["RequestId": .string(requestID)])
        return WireResponse(
            headers: ["x-amzn-RequestId": requestID, "Content-Type": "application/json"],
            body: JSONWriter.bytes(["\(operation.name)Response": .object(answer)]))
    }

    /// `response` has the error in XML.
    static func encode(_ error: WireError, _ shape: Shape?, requestID: String, over response: inout WireResponse) {
        response.headers["Content-Type"] = "application/json"
        response.body = JSONWriter.bytes([
            "Error": [
                "Code": .string(ErrorText.queryCode(error, shape)), "Message": .string(error.message),
                "Type": .string(ErrorText.fault(error, shape).rawValue),
            ],
            "RequestId": .string(requestID),
        ])
    }

    private static func structure(_ object: DocumentObject, _ shape: Shape) -> DocumentObject {
        var result = DocumentObject(minimumCapacity: shape.members.count)
        for member in shape.members {
            guard let value = object[member.name], !value.isNull else { continue }
            result.append(member.name, self.value(value, member))
        }
        return result
    }

    private static func value(_ value: DocumentValue, _ member: Member) -> DocumentValue {
        let shape = member.shape
        switch (shape.kind, value) {
        case (.structure, .object(let object)): return .object(structure(object, shape))
        case (.list, .list(let list)):
            guard let element = shape.element else { return value }
            return .list(list.map { self.value($0, element) })
        case (.map, .object(let object)):
            guard let key = shape.key, let element = shape.element else { return value }
            // AWS: SQS's maps are lists of names and values here as well.
            if member.isFlattened {
                return .list(
                    object.map { name, item in
                        .object([key.xmlName: .string(name), element.xmlName: self.value(item, element)])
                    })
            }
            return .object(DocumentObject(object.map { ($0, self.value($1, element)) }))
        case (_, .bytes(let bytes)): return .string(Base64.encode(bytes))
        case (_, .timestamp(let instant)): return .number(Double(instant.microseconds) / 1_000_000)
        default: return value
        }
    }
}
