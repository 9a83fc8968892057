import AWSModel

/// What a Map in mode DISTRIBUTED has besides an inline one.
extension DefinitionParser {
    mutating func distributedMap(
        _ document: DocumentObject, _ processor: DocumentObject, at location: String
    ) -> DistributedMap {
        if type == .express {
            report("Express state machine does not support 'DISTRIBUTED' mode Map states", at: location)
        }
        checkLabel(document, at: location)
        return DistributedMap(
            executionType: executionType(processor, at: location), label: document.string("Label"),
            itemReader: reader(document, at: location), itemBatcher: batcher(document, at: location),
            resultWriter: section(document, "ResultWriter", at: location),
            toleratedFailureCount: seconds(document, "ToleratedFailureCount", at: location, from: 0),
            toleratedFailurePercentage: percentage(document, at: location))
    }

    private mutating func executionType(_ processor: DocumentObject, at location: String) -> StateMachineType {
        guard let value = processor.object("ProcessorConfig")?["ExecutionType"] else { return .standard }
        guard let type = value.string.flatMap(StateMachineType.init(rawValue:)) else {
            report(
                "The field 'ExecutionType' should have one of these values: [STANDARD, EXPRESS]",
                at: "\(location)/ItemProcessor/ProcessorConfig/ExecutionType")
            return .standard
        }
        return type
    }

    private mutating func reader(_ document: DocumentObject, at location: String) -> PayloadTemplate? {
        if let reader = document.object("ItemReader") {
            if !reader.contains("Resource") {
                report("These fields are required: [Resource]", at: "\(location)/ItemReader")
            }
            if let config = reader.object("ReaderConfig") {
                checkOnlyOne(config, ["MaxItems", "MaxItemsPath"], at: "\(location)/ItemReader/ReaderConfig")
            }
        }
        return section(document, "ItemReader", at: location)
    }

    private mutating func batcher(_ document: DocumentObject, at location: String) -> PayloadTemplate? {
        if let batcher = document.object("ItemBatcher") {
            checkOnlyOne(batcher, ["MaxItemsPerBatch", "MaxItemsPerBatchPath"], at: "\(location)/ItemBatcher")
            checkOnlyOne(
                batcher, ["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"], at: "\(location)/ItemBatcher")
        }
        return section(document, "ItemBatcher", at: location)
    }

    /// An object in which `Parameters` and the like may hold paths, and members named `…Path` are paths themselves.
    private mutating func section(_ document: DocumentObject, _ field: String, at location: String) -> PayloadTemplate?
    {
        guard let value = document[field] else { return nil }
        guard let object = value.object else {
            report("Expected value of type Object", at: "\(location)/\(field)")
            return nil
        }
        return template([field: .object(Self.withPathsAsTemplates(object))], field, at: location)
    }

    /// `MaxItemsPath: "$.n"` is read as `MaxItems.$: "$.n"`.
    private static func withPathsAsTemplates(_ object: DocumentObject) -> DocumentObject {
        var result = DocumentObject()
        for (key, value) in object {
            if ["MaxItemsPath", "MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"].contains(key) {
                result["\(key.dropLast(4)).$"] = value
            } else if key == "ReaderConfig", let inner = value.object {
                result[key] = .object(withPathsAsTemplates(inner))
            } else {
                result[key] = value
            }
        }
        return result
    }

    private mutating func percentage(_ document: DocumentObject, at location: String) -> PercentageField? {
        if usesJSONata, document["ToleratedFailurePercentage"]?.string != nil {
            return template(document, "ToleratedFailurePercentage", at: location).map(PercentageField.expression)
        }
        if let value = document["ToleratedFailurePercentage"] {
            guard let number = value.double, (0...100).contains(number) else {
                report(
                    "Expected value of type Number between 0 and 100", at: "\(location)/ToleratedFailurePercentage")
                return nil
            }
            return .percentage(number)
        }
        return path(document, "ToleratedFailurePercentagePath", at: location).map(PercentageField.path)
    }

    private mutating func checkLabel(_ document: DocumentObject, at location: String) {
        guard let value = document["Label"] else { return }
        guard let label = value.string else {
            report("Expected value of type String", at: "\(location)/Label")
            return
        }
        checkLabel(label, at: "\(location)/Label")
    }
}
