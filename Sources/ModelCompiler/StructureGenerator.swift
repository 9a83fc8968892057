import AWSModel

/// Writes one Swift structure for each structure that the chosen operations reach.
struct StructureGenerator {
    let service: Manifest.Service
    let operations: [OperationModel]
    private let structures: [Shape]

    private static let linesPerFile = 1200

    init(service: Manifest.Service, model: ServiceModel) throws(CompilerError) {
        self.service = service
        var operations: [OperationModel] = []
        for name in service.operations ?? model.operationNames {
            guard let operation = model.operations[name] else {
                throw CompilerError("\(service.folder) has no operation \(name)")
            }
            operations.append(operation)
        }
        self.operations = operations.sorted { $0.name < $1.name }
        var reached: [String: Shape] = [:]
        var waiting = operations.flatMap { [$0.input?.shape, $0.output?.shape] }.compactMap { $0 }
        while let shape = waiting.popLast() {
            guard reached[shape.name] == nil, !shape.isDocument else { continue }
            reached[shape.name] = shape
            waiting += shape.members.map(\.shape)
            waiting += [shape.element?.shape].compactMap { $0 }
        }
        structures = reached.values.filter { $0.kind == .structure }.sorted { $0.name < $1.name }
    }

    /// File names and texts: the operations, then the structures in files of bearable length.
    func files() -> [(String, String)] {
        var files = [("\(service.name).swift", operationsFile())]
        var chunk: [String] = []
        var lines = 0
        func flush() {
            guard !chunk.isEmpty else { return }
            let name = "\(service.name)Structures\(files.count).swift"
            let body = chunk.joined(separator: "\n\n")
            files.append((name, "\(ModelEmbedder.header)import AWSModel\n\nextension \(service.name) {\n\(body)\n}\n"))
            chunk = []
            lines = 0
        }
        for shape in structures {
            let text = structure(shape)
            let count = text.utf8.count { $0 == UInt8(ascii: "\n") } + 2
            if lines + count > Self.linesPerFile { flush() }
            chunk.append(text)
            lines += count
        }
        flush()
        return files
    }

    private func operationsFile() -> String {
        let lines = operations.map { operation in
            let input = operation.input.map { SwiftNames.type($0.shape.name) } ?? "Unit"
            let output = operation.output.map { SwiftNames.type($0.shape.name) } ?? "Unit"
            return "    public static let \(SwiftNames.member(operation.name)) = "
                + "Operation<\(input), \(output)>(service: id, name: \"\(operation.name)\")"
        }
        return """
            \(ModelEmbedder.header)import AWSModel

            /// \(service.name): its operations and their structures.
            public enum \(service.name) {
                public static let id = ServiceID(rawValue: "\(service.folder)")

            \(lines.joined(separator: "\n"))
            }

            """
    }

    private func structure(_ shape: Shape) -> String {
        let name = SwiftNames.type(shape.name)
        var text = "    public struct \(name): AWSStructure {\n"
        let members = shape.members.map { MemberCode($0, owner: shape) }
        for member in members { text += "        public var \(member.name): \(member.declaredType)\n" }
        if !members.isEmpty { text += "\n" }
        let parameters = members.map { "\($0.name): \($0.declaredType)\($0.isOptional ? " = nil" : "")" }
        text += wrapped("        public init(", parameters, ") {")
        for member in members { text += "            self.\(member.name) = \(member.name)\n" }
        text += "        }\n\n"
        text += "        public init(_ document: DocumentObject) {\n"
        for member in members { text += "            \(member.name) = \(member.decoding)\n" }
        text += "        }\n\n        public var document: DocumentObject {\n"
        if members.isEmpty {
            text += "            DocumentObject()\n"
        } else {
            text += "            var document = DocumentObject(minimumCapacity: \(members.count))\n"
            for member in members { text += "            document.\(member.encoding)\n" }
            text += "            return document\n"
        }
        return text + "        }\n    }"
    }

    private func wrapped(_ head: String, _ parts: [String], _ tail: String) -> String {
        let line = head + parts.joined(separator: ", ") + tail
        if line.count <= 120 { return line + "\n" }
        return head + "\n            " + parts.joined(separator: ",\n            ") + "\n        " + tail + "\n"
    }
}
