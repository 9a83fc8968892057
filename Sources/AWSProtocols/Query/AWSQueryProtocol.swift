import AWSModel

/// awsQuery: a form in, XML out, or JSON for callers that accept only that.
public struct AWSQueryProtocol: WireCodec {
    private let answersInJSON: Bool

    public init() { answersInJSON = false }

    init(answering request: WireRequest) { answersInJSON = QueryJSON.isWanted(by: request) }

    public var wireProtocol: ServiceModel.WireProtocol { .query }

    public func encodeRequest(
        _ input: DocumentObject, _ operation: OperationModel, of service: ServiceModel
    ) throws(WireError) -> WireRequest {
        var form = FormFields()
        form.append("Action", operation.name)
        form.append("Version", service.metadata.apiVersion)
        if let shape = operation.input?.shape { QueryForm.write(input, shape, prefix: "", to: &form) }
        var request = WireRequest(method: operation.method, path: operation.uri)
        request.headers = ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"]
        request.body = Array(form.text.utf8)
        request.hostPrefix = try HostPrefix.expand(operation, input)
        return request
    }

    public func decodeRequest(
        _ request: WireRequest, _ operation: OperationModel, of service: ServiceModel
    ) throws(WireError) -> DocumentObject {
        guard let shape = operation.input?.shape else { return DocumentObject() }
        var form = FormFields(request.query)
        form.fields += FormFields(String(decoding: request.body, as: UTF8.self)).fields
        return try QueryForm.read(QueryForm.Node(form), shape)
    }

    public func encodeResponse(
        _ output: DocumentObject, _ operation: OperationModel, of service: ServiceModel, requestID: String
    ) -> WireResponse {
        if answersInJSON { return QueryJSON.encode(output, operation, requestID: requestID) }
        var root = XMLElement("\(operation.name)Response")
        if let namespace = service.metadata.xmlNamespace { root.setAttribute("xmlns", namespace) }
        if let shape = operation.output?.shape {
            var result = XMLElement(operation.resultWrapper ?? "\(operation.name)Result")
            XMLBody.write(output, shape, into: &result)
            root.children.append(result)
        }
        root.children.append(
            XMLElement("ResponseMetadata", children: [XMLElement("RequestId", text: requestID)]))
        return WireResponse(
            headers: ["x-amzn-RequestId": requestID, "Content-Type": "text/xml"], body: root.documentBytes)
    }

    public func encodeError(_ error: WireError, of service: ServiceModel?, requestID: String) -> WireResponse {
        var error = error
        if let message = error.queryMessage { error.message = message }
        var response = XMLErrors.encode(
            error, service, requestID: requestID, contentType: "text/xml", isBare: false)
        if answersInJSON {
            QueryJSON.encode(error, service?.error(error.code), requestID: requestID, over: &response)
        }
        return response
    }

    public func decodeResponse(
        _ response: WireResponse, _ operation: OperationModel, of service: ServiceModel
    ) throws(WireError) -> DocumentObject {
        guard response.status < 300 else { throw XMLErrors.decode(response, service) }
        guard let shape = operation.output?.shape, !response.body.isEmpty else { return DocumentObject() }
        let root = try XMLBody.parse(response.body)
        let wrapper = operation.resultWrapper ?? "\(operation.name)Result"
        return try XMLBody.structure(root.child(wrapper) ?? root, shape)
    }
}

/// Forms by the model: `Attribute.1.Name=VisibilityTimeout`.
enum QueryForm {
    /// A form's names, taken apart at their dots.
    struct Node {
        var value: String?
        var children: [String: Node] = [:]

        init() {}

        init(_ form: FormFields) {
            for field in form.fields { insert(field.name.split(separator: ".")[...], field.value) }
        }

        private mutating func insert(_ path: ArraySlice<Substring>, _ value: String) {
            guard let first = path.first else {
                self.value = value
                return
            }
            children[String(first), default: Node()].insert(path.dropFirst(), value)
        }

        /// Children `1`, `2`, … in the order of their numbers.
        var numbered: [Node] {
            children.compactMap { key, node in Int(key).map { ($0, node) } }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    static func read(_ node: Node, _ shape: Shape) throws(WireError) -> DocumentObject {
        var object = DocumentObject(minimumCapacity: shape.members.count)
        for member in shape.members {
            if let value = try read(member, in: node) { object.append(member.name, value) }
        }
        // A form has no way to write an empty map: clients leave it out.
        for member in shape.required where member.shape.kind == .map && object[member.name] == nil {
            object.append(member.name, .object([:]))
        }
        return object
    }

    private static func read(_ member: Member, in parent: Node) throws(WireError) -> DocumentValue? {
        if member.isFlattened, member.shape.kind == .list || member.shape.kind == .map {
            // AWS: SQS's clients differ in what they call flattened members; both names are taken.
            guard let node = parent.children[XMLBody.flattenedName(member)] ?? parent.children[member.xmlName] else {
                return nil
            }
            return try read(node, member, isFlattened: true)
        }
        guard let node = parent.children[member.xmlName] else { return nil }
        return try read(node, member, isFlattened: false)
    }

    private static func read(_ node: Node, _ member: Member, isFlattened: Bool) throws(WireError) -> DocumentValue? {
        let shape = member.shape
        switch shape.kind {
        case .structure: return .object(try read(node, shape))
        case .list:
            guard let element = shape.element else { return nil }
            let items = isFlattened ? node : node.children[element.explicitXMLName ?? "member"] ?? node
            var list: [DocumentValue] = []
            for item in items.numbered {
                if let value = try read(item, element, isFlattened: false) { list.append(value) }
            }
            return .list(list)
        case .map:
            guard let key = shape.key, let element = shape.element else { return nil }
            let entries = isFlattened ? node : node.children["entry"] ?? node
            var object = DocumentObject()
            for entry in entries.numbered {
                guard let name = entry.children[key.xmlName]?.value, let item = entry.children[element.xmlName],
                    let value = try read(item, element, isFlattened: false)
                else { continue }
                object.set(name, value)
            }
            return .object(object)
        default:
            guard let text = node.value else { return nil }
            return try ScalarText.value(text, member, .iso8601)
        }
    }

    static func write(_ object: DocumentObject, _ shape: Shape, prefix: String, to form: inout FormFields) {
        for member in shape.members {
            guard let value = object[member.name], !value.isNull else { continue }
            var name = member.xmlName
            if member.isFlattened { name = XMLBody.flattenedName(member) }
            write(value, member, name: prefix + name, isFlattened: member.isFlattened, to: &form)
        }
    }

    private static func write(
        _ value: DocumentValue, _ member: Member, name: String, isFlattened: Bool, to form: inout FormFields
    ) {
        let shape = member.shape
        switch (shape.kind, value) {
        case (.structure, .object(let object)): write(object, shape, prefix: "\(name).", to: &form)
        case (.list, .list(let list)):
            guard let element = shape.element else { return }
            if list.isEmpty { form.append(name, "") }
            let prefix = isFlattened ? name : "\(name).\(element.explicitXMLName ?? "member")"
            for (index, item) in list.enumerated() {
                write(item, element, name: "\(prefix).\(index + 1)", isFlattened: false, to: &form)
            }
        case (.map, .object(let object)):
            guard let key = shape.key, let element = shape.element else { return }
            let prefix = isFlattened ? name : "\(name).entry"
            for (index, (entry, item)) in object.enumerated() {
                form.append("\(prefix).\(index + 1).\(key.xmlName)", entry)
                write(
                    item, element, name: "\(prefix).\(index + 1).\(element.xmlName)", isFlattened: false, to: &form)
            }
        default:
            if let text = ScalarText.text(value, member, .iso8601) { form.append(name, text) }
        }
    }
}
