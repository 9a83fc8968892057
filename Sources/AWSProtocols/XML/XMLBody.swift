import AWSModel

/// Documents to and from XML elements by the model.
enum XMLBody {
    static func parse(_ bytes: [UInt8]) throws(WireError) -> XMLElement {
        do throws(XMLSyntaxError) {
            return try XMLReader.parse(bytes)
        } catch {
            throw WireError("MalformedXML", "The XML you provided was not well-formed: \(error)")
        }
    }

    // MARK: - Reading

    static func structure(_ element: XMLElement, _ shape: Shape) throws(WireError) -> DocumentObject {
        var object = DocumentObject(minimumCapacity: shape.members.count)
        // In a response nothing is bound to a path or a query: such members are in the body.
        for member in shape.members
        where member.location == nil || member.location == .querystring || member.location == .uri {
            if member.isXMLAttribute {
                let name = member.xmlName.split(separator: ":").last.map(String.init) ?? member.xmlName
                if let text = element.attribute(member.xmlName) ?? element.attribute(name) {
                    object.append(member.name, try ScalarText.value(text, member, .iso8601))
                }
                continue
            }
            if let value = try value(of: member, in: element) { object.append(member.name, value) }
        }
        return object
    }

    private static func value(of member: Member, in parent: XMLElement) throws(WireError) -> DocumentValue? {
        let shape = member.shape
        if member.isFlattened, shape.kind == .list || shape.kind == .map {
            let name = flattenedName(member)
            let items = parent.children.filter { $0.localName == name }
            guard !items.isEmpty else { return nil }
            return shape.kind == .list ? try list(items, shape) : try map(items, shape)
        }
        guard let element = parent.child(localPart(member.xmlName)) else { return nil }
        return try value(element, member)
    }

    static func value(_ element: XMLElement, _ member: Member) throws(WireError) -> DocumentValue {
        let shape = member.shape
        switch shape.kind {
        case .structure: return .object(try structure(element, shape))
        case .list:
            let name = shape.element.map { localPart($0.explicitXMLName ?? "member") } ?? "member"
            return try list(element.children.filter { $0.localName == name }, shape)
        case .map: return try map(element.children, shape)
        default: return try ScalarText.value(element.text, member, .iso8601)
        }
    }

    private static func list(_ items: [XMLElement], _ shape: Shape) throws(WireError) -> DocumentValue {
        guard let element = shape.element else { return .list([]) }
        var result: [DocumentValue] = []
        for item in items { result.append(try value(item, element)) }
        return .list(result)
    }

    private static func map(_ entries: [XMLElement], _ shape: Shape) throws(WireError) -> DocumentValue {
        var object = DocumentObject(minimumCapacity: entries.count)
        guard let key = shape.key, let element = shape.element else { return .object(object) }
        for entry in entries {
            guard let name = entry.child(localPart(key.xmlName)), let item = entry.child(localPart(element.xmlName))
            else { continue }
            object.set(name.text, try value(item, element))
        }
        return .object(object)
    }

    // MARK: - Writing

    /// Appends the members of a structure to an element.
    static func write(_ object: DocumentObject, _ shape: Shape, into element: inout XMLElement) {
        for member in shape.members where member.location == nil {
            guard let value = object[member.name], !value.isNull else { continue }
            if member.isXMLAttribute {
                if let text = ScalarText.text(value, member, .iso8601) { element.setAttribute(member.xmlName, text) }
            } else {
                write(value, member, into: &element)
            }
        }
    }

    private static func write(_ value: DocumentValue, _ member: Member, into parent: inout XMLElement) {
        let shape = member.shape
        if member.isFlattened {
            let name = flattenedName(member)
            if case .list(let list) = value, let item = shape.element {
                for each in list { parent.children.append(element(name, each, item, namespace: member.xmlNamespace)) }
                return
            }
            if case .object(let object) = value, shape.kind == .map {
                for (key, each) in object {
                    parent.children.append(entry(name, key, each, shape, namespace: member.xmlNamespace))
                }
                return
            }
        }
        parent.children.append(element(member.xmlName, value, member, namespace: member.xmlNamespace))
    }

    static func element(
        _ name: String, _ value: DocumentValue, _ member: Member, namespace: Shape.XMLNamespace?
    ) -> XMLElement {
        let shape = member.shape
        var element = XMLElement(name)
        setNamespace(namespace ?? member.xmlNamespace, on: &element)
        switch (shape.kind, value) {
        case (.structure, .object(let object)): write(object, shape, into: &element)
        case (.list, .list(let list)):
            guard let item = shape.element else { break }
            let itemName = item.explicitXMLName ?? "member"
            for each in list {
                element.children.append(Self.element(itemName, each, item, namespace: item.xmlNamespace))
            }
        case (.map, .object(let object)):
            for (key, each) in object {
                element.children.append(entry("entry", key, each, shape, namespace: nil))
            }
        default: element.text = ScalarText.text(value, member, .iso8601) ?? ""
        }
        return element
    }

    private static func entry(
        _ name: String, _ key: String, _ value: DocumentValue, _ shape: Shape, namespace: Shape.XMLNamespace?
    ) -> XMLElement {
        var entry = XMLElement(name)
        setNamespace(namespace, on: &entry)
        guard let keyMember = shape.key, let valueMember = shape.element else { return entry }
        var keyElement = XMLElement(keyMember.xmlName, text: key)
        setNamespace(keyMember.xmlNamespace, on: &keyElement)
        entry.children = [
            keyElement, element(valueMember.xmlName, value, valueMember, namespace: valueMember.xmlNamespace),
        ]
        return entry
    }

    static func setNamespace(_ namespace: Shape.XMLNamespace?, on element: inout XMLElement) {
        guard let namespace else { return }
        element.setAttribute(namespace.prefix.map { "xmlns:\($0)" } ?? "xmlns", namespace.uri)
    }

    /// What each item of a flattened list or map is called.
    static func flattenedName(_ member: Member) -> String {
        guard member.shape.kind == .list, let element = member.shape.element else { return member.xmlName }
        return element.queryName ?? member.xmlName
    }

    private static func localPart(_ name: String) -> String {
        name.split(separator: ":").last.map(String.init) ?? name
    }
}
