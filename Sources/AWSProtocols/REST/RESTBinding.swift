import AWSModel

/// Members that travel outside the body: in the path, the query, headers and the status.
enum RESTBinding {
    // MARK: - Requests, the client's side

    static func path(_ operation: OperationModel, _ input: DocumentObject) throws(WireError) -> String {
        let shape = operation.input?.shape
        var path = ""
        for segment in operation.template.segments {
            path += "/"
            switch segment {
            case .literal(let text): path += text
            case .label(let name): path += try label(name, shape, input, keepingSlashes: false)
            case .greedy(let name): path += try label(name, shape, input, keepingSlashes: true)
            }
        }
        if path.isEmpty || operation.template.endsInSlash { path += "/" }
        return path
    }

    private static func label(
        _ name: String, _ shape: Shape?, _ input: DocumentObject, keepingSlashes: Bool
    ) throws(WireError) -> String {
        let member = shape?.members.first { $0.location == .uri && $0.wireName == name }
        guard let member, let value = input[member.name], let text = ScalarText.text(value, member, .iso8601),
            !text.isEmpty
        else { throw WireError("ParamValidationError", "\(name) is part of the path and must not be empty") }
        return PercentEncoding.encode(text, keepingSlashes: keepingSlashes)
    }

    static func query(_ operation: OperationModel, _ input: DocumentObject) -> String {
        var form = FormFields()
        var parts = operation.template.requiredQuery.map { name, value in value.map { "\(name)=\($0)" } ?? name }
        let members = operation.input?.shape.members.filter { $0.location == .querystring } ?? []
        for member in members where member.shape.kind != .map {
            guard let value = input[member.name] else { continue }
            if case .list(let list) = value, let element = member.shape.element {
                for item in list {
                    if let text = ScalarText.text(item, element, .iso8601) { form.append(member.wireName, text) }
                }
            } else if let text = ScalarText.text(value, member, .iso8601) {
                form.append(member.wireName, text)
            }
        }
        // AWS: members with names of their own count before what is in a map.
        let taken = Set(form.fields.map(\.name))
        for member in members where member.shape.kind == .map {
            for (key, value) in input.object(member.name) ?? [:] where !taken.contains(key) {
                for text in value.list?.compactMap(\.string) ?? [value.string].compactMap({ $0 }) {
                    form.append(key, text)
                }
            }
        }
        if !form.fields.isEmpty { parts.append(form.text) }
        return parts.joined(separator: "&")
    }

    static func addHeaders(_ object: DocumentObject, _ shape: Shape, to headers: inout WireHeaders) {
        for member in shape.members {
            guard let value = object[member.name], !value.isNull else { continue }
            if member.location == .header {
                guard let text = headerText(value, member) else { continue }
                if HTTPText.equalIgnoringCase(member.wireName, "content-type") { headers["Content-Type"] = nil }
                headers.append(member.wireName, text)
            } else if member.location == .headers, case .object(let map) = value {
                for (key, item) in map {
                    if let text = item.string { headers.append((member.locationName ?? "") + key, text) }
                }
            }
        }
    }

    private static func headerText(_ value: DocumentValue, _ member: Member) -> String? {
        if member.isJSONValue { return Base64.encode(JSONWriter.bytes(value)) }
        guard case .list(let list) = value, let element = member.shape.element else {
            return ScalarText.text(value, member, .rfc822)
        }
        let items = list.compactMap { item -> String? in
            guard let text = ScalarText.text(item, element, .rfc822) else { return nil }
            guard element.shape.kind == .string, text.contains(where: { $0 == "," || $0 == "\"" }) else { return text }
            let escaped = text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
            return "\"\(escaped)\""
        }
        return items.joined(separator: ", ")
    }

    // MARK: - Requests, the server's side

    static func readRequest(
        _ request: WireRequest, _ operation: OperationModel, into object: inout DocumentObject
    ) throws(WireError) {
        guard let shape = operation.input?.shape, shape.members.contains(where: { $0.location != nil }) else { return }
        let labels = operation.template.match(request.segments) ?? []
        let query = FormFields(request.query)
        for member in shape.members {
            switch member.location {
            case .uri:
                if let label = labels.first(where: { $0.name == member.wireName }) {
                    let text = PercentEncoding.decode(label.value)
                    object.append(member.name, try ScalarText.value(text, member, .iso8601))
                }
            case .querystring: try readQuery(query, member, shape, operation, into: &object)
            case .header, .headers: try readHeader(request.headers, member, into: &object)
            case .statusCode, nil: break
            }
        }
    }

    private static func readQuery(
        _ query: FormFields, _ member: Member, _ shape: Shape, _ operation: OperationModel,
        into object: inout DocumentObject
    ) throws(WireError) {
        switch member.shape.kind {
        case .list:
            guard let element = member.shape.element else { return }
            var list: [DocumentValue] = []
            for text in query.all(member.wireName) { list.append(try ScalarText.value(text, element, .iso8601)) }
            if !list.isEmpty { object.append(member.name, .list(list)) }
        case .map:
            let constant = Set(operation.template.requiredQuery.map(\.name))
            let holdsLists = member.shape.element?.shape.kind == .list
            var map = DocumentObject()
            for (name, _) in query.fields where !constant.contains(name) && !map.contains(name) {
                let values = query.all(name).map(DocumentValue.string)
                map.append(name, holdsLists ? .list(values) : values[0])
            }
            if !map.isEmpty { object.append(member.name, .object(map)) }
        default:
            if let text = query[member.wireName] {
                object.append(member.name, try ScalarText.value(text, member, .iso8601))
            }
        }
    }

    static func readHeader(
        _ headers: WireHeaders, _ member: Member, into object: inout DocumentObject
    ) throws(WireError) {
        if member.location == .headers {
            let prefix = member.locationName ?? ""
            var map = DocumentObject()
            for field in headers.fields
            where HTTPText.equalIgnoringCase(String(field.name.prefix(prefix.count)), prefix) {
                map.set(String(field.name.dropFirst(prefix.count)), .string(field.value))
            }
            // No prefix at all takes every header, which is what the model asks for.
            if !map.isEmpty { object.append(member.name, .object(map)) }
            return
        }
        let texts = headers.all(member.wireName)
        guard !texts.isEmpty else { return }
        let text = texts.joined(separator: ",")
        if member.isJSONValue {
            guard let bytes = Base64.decode(text), let value = try? JSONReader.parse(bytes) else {
                throw .serialization("\(member.wireName) is not base64-encoded JSON")
            }
            object.append(member.name, value)
            return
        }
        guard member.shape.kind == .list, let element = member.shape.element else {
            object.append(member.name, try ScalarText.value(text, member, .rfc822))
            return
        }
        var list: [DocumentValue] = []
        for item in split(text, dates: element.shape.kind == .timestamp) {
            list.append(try ScalarText.value(item, element, .rfc822))
        }
        object.append(member.name, .list(list))
    }

    /// At commas outside quotes; HTTP dates hold a comma themselves.
    private static func split(_ text: String, dates: Bool) -> [String] {
        var items: [String] = []
        var current = ""
        var wasQuoted = false
        var isQuoted = false
        var isEscaped = false
        var commas = 0
        for character in text {
            if isEscaped {
                current.append(character)
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
                wasQuoted = true
            } else if character == ",", !isQuoted {
                commas += 1
                if dates, !current.contains("T"), commas % 2 == 1, text.hasSuffix("GMT") {
                    current.append(character)
                    continue
                }
                items.append(wasQuoted ? HTTPText.trimmed(current) : HTTPText.trimmed(current))
                current = ""
                wasQuoted = false
            } else {
                current.append(character)
            }
        }
        items.append(HTTPText.trimmed(current))
        return items
    }

    // MARK: - Responses

    static func readResponse(
        _ response: WireResponse, _ shape: Shape, into object: inout DocumentObject
    ) throws(WireError) {
        for member in shape.members {
            switch member.location {
            case .statusCode: object.append(member.name, .integer(Int64(response.status)))
            case .header, .headers: try readHeader(response.headers, member, into: &object)
            case .uri, .querystring, nil: break
            }
        }
    }

    static func status(_ output: DocumentObject, _ operation: OperationModel) -> Int {
        for member in operation.output?.shape.members ?? [] where member.location == .statusCode {
            if let status = output.integer(member.name) { return status }
        }
        return operation.responseCode
    }
}
