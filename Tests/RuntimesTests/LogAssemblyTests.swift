import Testing

@testable import Runtimes

@Suite struct LogAssemblyTests {
    private func frame(_ text: String) -> [UInt8] {
        let body = Array(text.utf8)
        let length = (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (24 - 8 * $0)) }
        return [0xa5, 0x5a, 0, 3] + length + [UInt8](repeating: 0, count: 8) + body
    }

    /// However the pipe cuts the bytes, the events are the same.
    @Test(arguments: [1, 2, 3, 7, 16, 1000]) func eventsDoNotDependOnReads(size: Int) {
        let bytes =
            Array("one\n\n".utf8) + frame("two\nlines\n") + Array("three é\n".utf8) + frame("") + Array("rest".utf8)
        var assembly = LogAssembly()
        var events: [String] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            assembly.append(bytes[start..<min(start + size, bytes.count)]) {
                events.append(String(decoding: $0, as: UTF8.self))
            }
        }
        #expect(events == ["one", "", "two\nlines", "three é", ""])
        assembly.flush { events.append(String(decoding: $0, as: UTF8.self)) }
        assembly.flush { events.append(String(decoding: $0, as: UTF8.self)) }
        #expect(events.last == "rest")
        #expect(events.count == 6)
    }

    @Test func theTailIsFourKilobytes() {
        var tail = LogTail()
        for number in 0..<1000 { tail.append(Array("line \(number)".utf8)) }
        #expect(tail.bytes.count == 4096)
        #expect(String(decoding: tail.bytes, as: UTF8.self).hasSuffix("line 998\nline 999\n"))
        tail.append([UInt8](repeating: 120, count: 5000))
        #expect(tail.bytes.count == 4096)
        #expect(tail.bytes.last == 10)
    }

    @Test func timesAndDurations() {
        #expect(PlatformLines.isoTime(0) == "1970-01-01T00:00:00.000Z")
        #expect(PlatformLines.isoTime(951_782_400_123) == "2000-02-29T00:00:00.123Z")
        #expect(PlatformLines.isoTime(1_795_440_000_000) == "2026-11-23T13:20:00.000Z")
        #expect(PlatformLines.milliseconds(3014) == "3.01")
        #expect(PlatformLines.milliseconds(1_000_000) == "1000.00")
        #expect(PlatformLines.milliseconds(95) == "0.10")
        #expect(PlatformLines.seconds(3_000_000) == "3.00")
    }
}
