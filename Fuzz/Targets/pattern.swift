import AWSModel
import EventPattern

/// The first line is an event pattern, the rest an event.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    guard let pattern = try? EventPattern(String(parts[0])) else { return 0 }
    let event = parts.count > 1 ? String(parts[1]) : #"{"source":"aws.s3","detail":{"a":[1,"b"]}}"#
    guard let event = try? JSONReader.parse(event) else { return 0 }
    if !pattern.matches(event) { _ = pattern.mismatch(event) }
    return 0
}
