import AWSModel
import StatesLanguage
import Testing

/// Where Jayway's JSONPath goes its own way, or is stricter than others: each query kind that implementations differ in.
@Suite struct JaywayDialectTests {
    /// What InputPath makes of an input; nil where nothing is found, "invalid" where the path is refused.
    private func found(_ path: String, in input: String) throws -> String? {
        let text =
            #"{"StartAt":"P","States":{"P":{"Type":"Pass","InputPath":\#(JSONWriter.string(.string(path))),"End":true}}}"#
        guard let definition = StateMachineDefinition.parse(text).definition else { return "invalid" }
        var simulated = try SimulatedExecution(definition, input: input)
        try simulated.run()
        return simulated.execution.outcome.output?.text
    }

    private static let letters = #"["a","b","c","d","e","f"]"#

    @Test(arguments: [
        ("$[-5:1]", #"["b","c","d","e","f","a"]"#), ("$[-2:-1]", #"["e"]"#), ("$[4:-1]", "[]"),
        ("$[4::-1]", #"["e","f"]"#),
        ("$[:2:-3]", #"["a","b"]"#), ("$[5:1:-1]", "[]"), ("$[1:4:2]", #"["b","c","d"]"#),
        ("$[002:004]", #"["c","d"]"#),
        ("$[-99:]", letters), ("$[9:12]", "[]"), ("$[::]", "invalid"), ("$[::3]", "invalid"),
        ("$[1:99999999999]", "invalid"), ("$[-99999999999]", "invalid"), ("$[5,0]", #"["f","a"]"#),
        ("$[1,1]", #"["b","b"]"#), ("$[ 1 , 2 ]", #"["b","c"]"#), ("$[0:2,4]", "invalid"), ("$[*,1]", "invalid"),
        ("$[-7]", nil), ("$.0", nil), ("$.length", nil), ("$[(@.length-1)]", "invalid"), ("$[?(@ == 'a')]*", "[]"),
    ]) func arrays(path: String, wanted: String?) throws {
        #expect(try found(path, in: Self.letters) == wanted, "\(path)")
    }

    @Test(arguments: [
        ("$['x.y']", #"{"x.y":1}"#, "1"), (#"$["x"]"#, #"{"x":1}"#, "1"), ("$['']", #"{"":1}"#, "1"),
        ("$[]", #"{"":1}"#, "invalid"),
        ("$[ 'x' ]", #"{"x":1," x":2}"#, "1"), ("$['x']['y']", #"{"x":{"y":1}}"#, "1"), ("$.['x']", #"{"x":1}"#, "1"),
        ("$[x]", #"{"x":1}"#, "invalid"), ("$['x'y']", #"{"x'y":1}"#, "invalid"), (#"$['x\'y']"#, #"{"x'y":1}"#, "1"),
        ("$['x,y']", #"{"x,y":1}"#, "invalid"), ("$['x'.'y']", #"{"x":1}"#, "invalid"), ("$.'x'", #"{"'x'":1}"#, "1"),
        (#"$."x""#, #"{"\"x\"":1}"#, "1"), ("$. x", #"{"x":1}"#, "invalid"), ("$.$", #"{"$":1}"#, "1"),
        ("$.x-y", #"{"x-y":1}"#, "1"),
        ("$.", #"{"":1}"#, "invalid"), ("$(x)", #"{"x":1}"#, "invalid"), ("$.größe", #"{"größe":1}"#, "1"),
        ("$['x']y", #"{"x":{"y":1}}"#, "1"), ("$.x[*]^", #"{"x":[{"^":1},2]}"#, "[1]"),
        ("$['x']*", #"{"x":{"y":1}}"#, "[1]"),
        ("$['x','none']", #"{"x":1,"y":2}"#, #"{"x":1}"#), ("$['x','x']", #"{"x":1}"#, #"{"x":1}"#),
        ("$[0]", #"{"0":1}"#, nil),
        ("$[1:2]", #"{"1":1}"#, nil), ("$['none']", #"{"x":1}"#, nil), ("$['\u{FC}']", #"{"u\u0308":1}"#, nil),
    ]) func names(path: String, input: String, wanted: String?) throws {
        #expect(try found(path, in: input) == wanted, "\(path)")
    }

    private static let parts = #"""
        [{"n":5},{"n":6},{"n":"6"},{"n":"six"},{"n":null},{"n":true},{"n":[6]},{"n":{"m":6}},{"m":6}]
        """#

    @Test(arguments: [
        ("$[?(@.n==6)]", #"[{"n":6},{"n":"6"}]"#), ("$[?(@.n===6)]", #"[{"n":6}]"#),
        ("$[?(@.n==006)]", #"[{"n":6},{"n":"6"}]"#),
        ("$[?(@.n>5)]", #"[{"n":6}]"#), ("$[?(@.n<=6)]", #"[{"n":5},{"n":6}]"#), ("$[?(@.n==null)]", #"[{"n":null}]"#),
        ("$[?(@.n==true)]", #"[{"n":true}]"#), ("$[?(@.n==[6])]", #"[{"n":[6]}]"#),
        (#"$[?(@.n=={"m":6})]"#, #"[{"n":{"m":6}}]"#),
        ("$[?(!(@.n!=6))]", #"[{"n":6},{"n":"6"}]"#), ("$[?(!@.n)]", #"[{"m":6}]"#),
        ("$[?(@.n in [5, 'six'])]", #"[{"n":5},{"n":"six"}]"#),
        ("$[?(6 in @.n)]", #"[{"n":[6]}]"#), ("$[?(@.n=~/s.*/)]", #"[{"n":"six"}]"#), ("$[?(@.n=~/i/)]", "[]"),
        ("$[?(@.m && !(@.n) || @.n==5)]", #"[{"n":5},{"m":6}]"#), ("$[?(@.n+1==7)]", "[]"),
        ("$[?(@.n/2==3)]", "invalid"),
        ("$[?(@.n==6 && true)]", "invalid"), ("$[?(true)]", "invalid"), ("$[?(null)]", "invalid"),
        ("$[?()]", "invalid"),
        ("$[?(@.n=6)]", "invalid"), ("$[?@.n==6]", "invalid"), ("$[?((@.n<6)==false)]", "invalid"),
        ("$[?(@.n),?(@.m)]", "invalid"), ("$[?(@.n[*]==6)]", "[]"), ("$[?(@.n[0:1]==[6])]", #"[{"n":[6]}]"#),
    ]) func filters(path: String, wanted: String) throws {
        #expect(try found(path, in: Self.parts) == wanted, "\(path)")
    }

    @Test(arguments: [
        ("$[?(@.k)]", #"{"k":1,"l":{"k":2}}"#, #"[{"k":1,"l":{"k":2}}]"#),
        ("$[?(@)]", "[null,0,false]", "[null,0,false]"),
        ("$[?(1==1)]", "[1,null]", "[1,null]"),
        ("$[?(@.l[?(@.p>9)])]", #"[{"l":[{"p":1}]},{"l":[]}]"#, #"[{"l":[{"p":1}]},{"l":[]}]"#),
        ("$[?(@..p)]", #"[{"l":[{"p":1}]},{}]"#, #"[{"l":[{"p":1}]},{}]"#),
        ("$..[1].k", #"[[{"k":1},{"k":2}],[{"k":3}]]"#, "[1,2,3]"),
        ("$..['k','l']", #"[{"k":1,"l":2},{"k":3}]"#, #"[{"k":1,"l":2}]"#),
        ("$.*['k','l']", #"[{"k":1},{"l":2}]"#, #"[{"k":1},{"l":2}]"#),
        ("$..*", "7", "[]"), ("$..", "[1]", "invalid"), ("$.k..", #"{"k":1}"#, "invalid"),
        ("$...k", #"{"k":1}"#, "invalid"),
        ("$.*[1]", "[[1],[2,3]]", "[3]"), ("$[*].k", #"[{"k":1},{"l":2}]"#, "[1]"),
        ("$.k.sum()", #"{"k":[1,2.5]}"#, "3.5"),
    ]) func scansAndObjects(path: String, input: String, wanted: String?) throws {
        #expect(try found(path, in: input) == wanted, "\(path)")
    }
}
