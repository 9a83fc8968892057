import AWSModel

/// What a service's operations answer, and its errors: all that is needed of services that are only ever mocked.
struct AnswerEmbedder {
    let folder: String
    /// As `aws-sdk` integrations spell it: `bedrockruntime`.
    let sdkName: String
    private let json: String

    init(folder: String, document: DocumentObject) {
        self.folder = folder
        let metadata = document.object("metadata") ?? [:]
        let serviceID = metadata.string("serviceId") ?? folder
        sdkName = serviceID.lowercased().filter { $0 != " " && $0 != "-" }
        let shapes = document.object("shapes") ?? [:]
        var operations = DocumentObject()
        var waiting: [String] = []
        for (name, operation) in document.object("operations") ?? [:] {
            var kept: DocumentObject = ["name": .string(name)]
            if let output = operation["output"] {
                kept["output"] = output
                if let shape = output["shape"]?.string { waiting.append(shape) }
            }
            operations[name] = .object(kept)
        }
        var kept = DocumentObject()
        while let name = waiting.popLast() {
            guard kept[name] == nil, var shape = shapes.object(name) else { continue }
            shape["enum"] = nil
            shape["pattern"] = nil
            kept[name] = .object(shape)
            for (_, member) in shape.object("members") ?? [:] { waiting += [member["shape"]?.string].compactMap { $0 } }
            for part in ["member", "key", "value"] {
                waiting += [shape.object(part)?.string("shape")].compactMap { $0 }
            }
        }
        for (name, shape) in shapes where shape["exception"]?.bool == true && kept[name] == nil {
            var error: DocumentObject = ["type": "structure", "members": [:], "exception": true]
            error["error"] = shape["error"]
            kept[name] = .object(error)
        }
        json = ModelEmbedder.json(
            [
                "metadata": .object(["serviceId": .string(serviceID)]), "operations": .object(operations),
                "shapes": .object(kept),
            ])
    }

    private var constant: String { sdkName }
    var fileName: String { "\(sdkName.prefix(1).uppercased() + sdkName.dropFirst())Answers.swift" }

    var source: String {
        """
        \(ModelEmbedder.header)import AWSModel

        extension AnswerModels {
            static let \(constant) = ServiceModel(id: ServiceID(rawValue: "\(folder)"), embedded: \(constant)JSON)

            private static let \(constant)JSON: StaticString = ###\"\"\"
        \(json)
        \"\"\"###
        }

        """
    }

    static func index(_ answers: [AnswerEmbedder]) -> String {
        let cases = answers.map { "        case \"\($0.sdkName)\": \($0.constant)" }
        return """
            \(ModelEmbedder.header)import AWSModel

            /// What operations of services answer that the engine lacks: enough to check a mocked answer by.
            public enum AnswerModels {
                /// By the name that `aws-sdk` integrations have for the service; parsed on first use.
                public static func load(_ sdkName: String) -> ServiceModel? {
                    switch sdkName {
            \(cases.joined(separator: "\n"))
                    default: nil
                    }
                }
            }

            """
    }
}
