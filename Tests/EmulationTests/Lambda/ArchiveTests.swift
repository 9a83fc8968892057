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
        #expect(try archive.contents(of: archive.entries[1]) == Array("#!/bin/sh\n".utf8), "fixed codes")
        #expect(try archive.contents(of: archive.entries[2]) == Array("stored".utf8))
    }

    /// Short and long codes, an empty stored block (a flush), and a stored block at the end.
    @Test func allKindsOfBlocks() throws {
        let packed = try #require(Base64.decode(Self.mixed))
        let unpacked = try packed.withUnsafeBufferPointer { try Inflate.decode($0, expectedSize: 6010) }
        #expect(ArchiveChecksum.sha256(unpacked).prefix(4) == [144, 243, 209, 70])
        #expect(String(decoding: unpacked.suffix(10), as: UTF8.self) == "tail of it")
        #expect(throws: Inflate.Malformed.self) {
            try packed.withUnsafeBufferPointer { try Inflate.decode($0, expectedSize: 100) }
        }
        for length in stride(from: 0, to: packed.count, by: 50) {
            #expect(throws: Inflate.Malformed.self) {
                try packed[..<length].withUnsafeBufferPointer { try Inflate.decode($0, expectedSize: 6010) }
            }
        }
    }

    private static let mixed =
        """
        XFjLjp3FEa6qvvyXc5tzODP2eGxsjMeAWVg4IVkgISJFgo0lFkgs2EfZJGKTJ4gUKU+Qt8giWbDkKfIYeQI21LW7jwd0/F/677p9VfVVA0ACKA
        Ao//MPwASkd3rD1znrRWk//FfB1u707tt/Am5sB9L94IV8qH/yiMj2PshLlAXXsN7b66tYBsii+Ce3z/xvhQX+kFWoqYUmPAMh5qaoa0uwhZv7
        BK7AfKNrbckCoR9f3FCZcnXxCdoiCBmAGeNt8rdVP/0OIcdytKuExeWgupB1c3+xvf+ZUSXjASr7INORFQO8VrmujjjHNkjEn+9VLspTdm3XUZ
        bwpxGAZGHDRd9jEYln3Y5VNBU2/B/a5XrePoLm76O42/UXi8m2JAwfLLruIC+y+/YO5RrrXu/Mx4lfUjiw6j6A5+aNVxihsf8n16DM2B+DeK94
        KPUnyw1xBNLSw5skMKLgnSEx+Q4iKBFOU/scPRI/hrnYsLkeeXHzwsxQzR7wCHD7UyNwg7DpKJ22AL9LOQBlz5O+FIuq7pAO/B0yFFk9SmSqYv
        MEGqQ84+z3tikefomwW5AK6Tt0XzOAYM4b+D8Mqcb5SHqTJQq040d7/UZUO/IzC46mEdoiELy4C7N9S8eaVORL9XLWFBZ9P3+sUib4C9RpcFMy
        0zCdBNlPzDrVmoGZMGCLXU+BP18UpL4LQ+e/7GuCn3XJEn4VxRRiZFJyxKq0lOhhp/Jyb258oi4T1YtVi5ZCe7nJrNe/R8DL1dau017ifHpEYs
        UP7NIcGzT1FU49eB6xwjhGBYAUQHKR5DGV+ibBIzHua0+vhiLElDz+ORJWUkJANYcIfkXiqUKqDw6FUsEHM6UoZleUzWFFf5A32zQXmmpiwgKm
        KjbjCknyNTevXkn4aRZPpHThcghgq5jaWgOUk6czx/qhwf7cq3RRz3n8PQ+wbWlZnvDbazdwCpC+1CXvg9UIybD6ffSDTKNm00rZvjX/033TtR
        CMcnAnKmGzRKs7Y+/QqprYtoWrhpStmlHgQWsClD/mb6rgQmocUpjDsN3pZbIKZia3VKjwiPcBq7GmQ5KY4OBfLRi2W07LZAFMDZOr/p5vuVkQ
        8s1GNssaXu8qLg8Re7hYcs9HhUHxaqMeKGqCXh8EuUNwpKSlOSrlb0NDb6uoYE3UemfOXtAsD/35lVZ73QT/pziwdIm6slF5pxVwXzM8c8fgFm
        hIuZArMqkVbHbLTZj8+nm3f0zYo/l6dwL8FBoJoCmsyrLM2M5C5umzq4aeRCqJ1ASnRalZofDuzamppq2gmg66yycCiYTuli8TtoBY+TCicU3k
        6m9uXiilqL75xpRdZd3cwb+3q7cw68P81CViIyySUckFeCU1XKRQ4I8NgQbZtHjakFUdUxmTbczdt7cvjxGqHt4ANvo2K720zhvK5rbIq0FGGJ
        CK/1AhxB8QeeOUakdD6Z9aMrh80VHKdyINThlYYjTYyYsyL1wkv6TP/ZUiSBj18ECWlxSdnripGSPgrKeNKEUo8T7yzuXKXHhQpgKVVUudF/4p
        q6ZoXrY6+gV6GVpDQTHkaxjvTJsEdWd87wGMtEbwlKtrnJsH514NWb1ERm606K+Mf1bkGfb8jwqMORWgayja9q3OtdSvl/TIPF+tgQUXGyaJCi
        O5j2arfaJNEtYOCB47YL/E59Hdh8w5aYny8miGGuAozF0koIEYVGpraiQLseJ0EQQynz7mZrIW/gfq/NL8l86yz7X33J20Pk8CbBDiz3BHuVth
        SRwd7Q06RdZmwVvgXmqhEIAbW3/VMkunLlIGbLzXyMS1cDFYZ06adSCbF4yHGjGhYYAxsQbj49+hzRk0vtcPcisWvf83aneY49EdpwhG1k7cfo
        VuM9p3F31qRNPipcl8JdI4bvjuiJVb67ZICFfBNnwaiKyUFLg6io/wbfvaMKWMCqPustuSeDwJDePc/0y8LUrsPuqlNY8D1eqNGrXldDNsLK5O
        Wep9WJcdu9YVeBBYYHW7TqVNM0mGPY+NpME+wVdDI9DEKkNmAa2w6WBCn8hbq1PoF/TKmjOMqavEa4XXtpJb9Vw+s1qekqboEi4V2tgyz8DbML
        GXnlM64e4ME18kKXky/Sk+xKDfaKzuBh0pFJ8hQLQUd3r+6S052omU0uIImGrNU/obW1qX3nYeah90lenpwIj08j2Vf4CYKCpeElNGw+pl8vfR
        CdSPUUJoijoqvv2wQwmdLcWomLx2yjSNbzpO/iVuWt4zUp8vZqLWvvGRjLvat1MU/zZ5cNQFLYLiNxLH56ZuVFDPkJQsInPCd0aeFkRsnGHocr
        7LN/rvbeNv0Hh39rqhsfllLM1MjeorxRuT8JfCsI7elAtX09yiCXnJArLQbN0GhaTuvsYslofaY4hngaN0NEFLn8Yp+jdUNelJwE3q1CrZvrPh
        hVLWEiwWcyH9kO4HAmExNuydKOZAwI+zU53JTrgWY4XT0c0v7gk1tFDAevLKQAGJmKCUuywDjKfWtdBHdD+KkYvPp6CfwiGIegowXfRubQdwmh
        EbHIYAUU/O2uY2rOJUOudlLz9kN6DUFbR+WLnh7fppndVLOzLi1atJ6RLWGIeyAQLttI17Q+SDkfU7TO/LkOsY/ts4pBQr+agcvlMmWtHHYN8r
        4Uje6IIpV9vZIeFtQLKGLjjG7Gc5i5xPBaHCi0b0id5VLzszI0gqd28UWIczQytzVKv31PnMw14fb2da1P11AKrp/brYXPUg0eWpkV08816asz
        MSjD79wo8EcQjDcJLQZln950nzF7XqVibcyx63cRpyEFDSq+ATUQA7lf5gIBwEf66SfjFBriMxQNi2MzgMt8dcn+ywjoZjUz1gskbQ5uc7RVgT
        Rz5s7AY5xVOkBgAq6LB4feHEuCQ8gY9cQwU8wzsb+vEYDb1R+9x3ckbqxDD5kU58dcFqyY4oqXsRUc8dNYvnG4n7Y4yKvDH9tlYJpZuQ4hwxtV
        PMyEIst/ArAAAA//8BCgD1/3RhaWwgb2YgaXQ=
        """.filter { !$0.isWhitespace }

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
