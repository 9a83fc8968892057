import TerminalUI

/// Forms of objects.
enum ObjectForms {
    static func upload(to prefix: String) -> Form {
        let isFile: @Sendable (FormValues) -> Bool = { $0["from"] == "file" }
        return Form(
            "Put an object", submit: "Put",
            [
                FormField(
                    "from", "From", .choice(["file", "text"]), value: "text",
                    hint: "A file of this machine, or what you type"),
                FormField(
                    "path", "File", hint: "At most 64 MiB; ~ is your home", required: true, visible: isFile),
                FormField(
                    "key", "Key", value: prefix,
                    hint: "Up to 1,024 bytes; / divides folders; ending in / it takes the file's name",
                    required: true,
                    validate: { text, values in
                        if text.utf8.count > 1024 { return "At most 1,024 bytes, this has \(text.utf8.count.grouped)" }
                        return text.hasSuffix("/") && !isFile(values) ? "A name is needed after the folder" : nil
                    }),
                FormField(
                    "text", "Text", .multiline(rows: 6, json: false), hint: "The object's content",
                    visible: { !isFile($0) }),
                FormField("type", "Content type", hint: "Such as application/json; empty: binary/octet-stream"),
            ])
    }

    /// The key asked for, with the file's own name where it ends in a slash.
    static func key(_ values: FormValues) -> String {
        let key = values["key"]
        guard key.hasSuffix("/"), values["from"] == "file" else { return key }
        return key + (values["path"].split(separator: "/").last ?? "")
    }

    static func download(_ key: String) -> Form {
        Form(
            "Save \(key)", submit: "Save",
            [
                FormField(
                    "path", "As", value: String(key.split(separator: "/").last ?? "object"),
                    hint: "A file of this machine that is not there yet; ~ is your home", required: true)
            ])
    }
}
