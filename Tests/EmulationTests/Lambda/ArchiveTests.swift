import AWSModel
import Foundation
import Testing

@testable import Emulation

@Suite struct ArchiveTests {
    /// Made by Python's zipfile: `a/b.txt` deflated with dynamic codes, an executable `run`, a stored `s`.
    private static let deflated = 
        "UEsDBBQAAAAIAAAAIQCzADdwlQEAAKAPAAAHAAAAYS9iLnR4dJ2WS2rDQBBEr6KrKcQoCxu88P0JWAQ6evWKwZtBzLT6W13dx/547NvxPvf782"
        + "ffvm/317593V5/F+PzlBsS5yfkxtv5y7jIYu/P8TQELscxPE7v06x4PfRMCd7wdepCaAjQvJiZtvtrBiSzdMtCglpk0tIAQShB5AsmJWfMTSxw"
        + "A5qoAG5ZgAX/oKUa/gxTkvBed94vQLZ0E/+rCZgi12JdNENPY5tMHVbAq33rQGuYlUpJ32eaAYqEHugKigBVtAsRg4BRhcCErYnsQrqqyv1j7Y"
        + "eZYEWxPgG/CGYILjtRHSup5FXgIzlHtnsslrs8qDNwy8g2iqeD0rf0uzIJEJLBl7lMyFzakKdMDfKijLw64PLaIhBfbu5MwhZgIWcjf0M2cReV"
        + "13CEAiuGiBt6C/sZ9rlFKq8YdmNHiTpGVtcjhir0W7nNSMSw7WO9elXzKMwqm7uwls33snLUWdYsGsrMn2a+46A1hWxoncpkogh1wAlJQkZBHn"
        + "J97cgLkzCqDEmBvWwdeSxIuPnCeDFO0gWn/9v6BVBLAwQUAAAACAAAACEAHZ37BAwAAAAKAAAAAwAAAHJ1blNW1E/KzNMvzuACAFBLAwQUAAAA"
        + "AAAAACEAC/lDVgYAAAAGAAAAAQAAAHNzdG9yZWRQSwECFAMUAAAACAAAACEAswA3cJUBAACgDwAABwAAAAAAAAAAAAAApIEAAAAAYS9iLnR4dF"
        + "BLAQIUAxQAAAAIAAAAIQAdnfsEDAAAAAoAAAADAAAAAAAAAAAAAADtgboBAABydW5QSwECFAMUAAAAAAAAACEAC/lDVgYAAAAGAAAAAQAAAAAA"
        + "AAAAAAAApIHnAQAAc1BLBQYAAAAAAwADAJUAAAAMAgAAAAA="

    @Test func deflatedEntriesAreRead() throws {
        let bytes = try #require(Base64.decode(Self.deflated))
        let archive = try ZipArchive(bytes)
        #expect(archive.entries.map(\.name) == ["a/b.txt", "run", "s"])
        let text = try archive.contents(of: archive.entries[0])
        #expect(text.count == 4000)
        #expect(ArchiveChecksum.sha256(text).prefix(4) == [242, 220, 175, 45])
        #expect(archive.entries[1].permissions == 0o755)
        #expect(try archive.contents(of: archive.entries[2]) == Array("stored".utf8))
    }

    @Test func damageIsNoticed() throws {
        var bytes = try #require(Base64.decode(Self.deflated))
        bytes[60] ^= 0x55
        let archive = try ZipArchive(bytes)
        #expect(throws: ZipArchive.Failure.self) { try archive.contents(of: archive.entries[0]) }
        for length in stride(from: 0, to: bytes.count, by: 7) {
            _ = try? ZipArchive(Array(bytes[..<length]))
        }
    }

    @Test func whatIsWrittenIsReadBack() throws {
        var writer = ZipWriter()
        writer.add("bootstrap", Array("#!/bin/sh".utf8), permissions: 0o755)
        writer.add("dir/ü.txt", [1, 2, 3])
        let archive = try ZipArchive(writer.finished())
        #expect(archive.entries.map(\.permissions) == [0o755, 0o644])
        let folder = NSTemporaryDirectory() + "skua-unzip-\(UInt64.random(in: 0 ... .max))"
        defer { CodeFolder.removeTree(folder) }
        try CodeFolder.unpack(archive, into: folder)
        let files = CodeFolder.files(in: folder)
        #expect(files.map(\.path) == ["bootstrap", "dir/ü.txt"])
        #expect(files.map(\.isExecutable) == [true, false])
        #expect(CodeFolder.read(folder + "/dir/ü.txt") == [1, 2, 3])
    }

    @Test(arguments: ["../x", "/x", "a/../../x", "a\\b"])
    func pathsThatLeaveTheFolderAreRefused(path: String) throws {
        #expect(CodeFolder.safePath(path) == nil)
        var writer = ZipWriter()
        writer.add(path, [1])
        let archive = try ZipArchive(writer.finished())
        let folder = NSTemporaryDirectory() + "skua-unzip-\(UInt64.random(in: 0 ... .max))"
        defer { CodeFolder.removeTree(folder) }
        #expect(throws: CodeFolder.UnpackFailure.archive(.unsafePath(path))) {
            try CodeFolder.unpack(archive, into: folder)
        }
    }

    @Test func ordinaryDotsAreFine() {
        #expect(CodeFolder.safePath("./a/./b") == "a/b")
        #expect(CodeFolder.safePath("a..b/c") == "a..b/c")
    }
}
