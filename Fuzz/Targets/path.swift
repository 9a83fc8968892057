import AWSModel
import StatesLanguage

/// The first line is a path, the rest a document.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    let document = parts.count > 1 ? String(parts[1]) : #"{"a":[1,2,{"b":"x"}],"c":{"d":null}}"#
    guard (try? JSONReader.parse(document)) != nil else { return -1 }
    let path = JSONWriter.string(.string(String(parts[0])))
    for field in ["\"InputPath\":\(path)", "\"ResultPath\":\(path)", "\"Parameters\":{\"v.$\":\(path)}"] {
        let definition = StateMachineDefinition.parse(
            #"{"StartAt":"P","States":{"P":{"Type":"Pass",\#(field),"End":true}}}"#)
        if let definition = definition.definition { run(definition, input: document) }
    }
    return 0
}
