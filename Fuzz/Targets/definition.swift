import AWSModel
import StatesLanguage

/// Any text is judged; what is valid runs, is kept, and can be read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    guard let definition = StateMachineDefinition.parse(text).definition else { return 0 }
    _ = definition.variableReferences
    run(definition, input: #"{"a":[1,2,{"b":"x"}],"s":"text","n":-1.5,"o":{"k":null,"l":[[1],[2,3]]}}"#)
    return 0
}
