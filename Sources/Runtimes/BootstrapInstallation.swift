/// Writes what a function's process finds in `/var/runtime`. It is carried inside the program, so that one binary is all
/// there is to install.
enum BootstrapInstallation {
    static func install(in directory: String) throws(HostFileError) {
        try HostFiles.makeDirectory(directory)
        for (name, text) in files {
            let path = "\(directory)/\(name)"
            try HostFiles.makeDirectory(parent(path))
            // Left alone where it is right already: another engine may be starting processes from it.
            if HostFiles.read(path, limit: 1_048_576) == Array(text.utf8) { continue }
            try HostFiles.write(text, to: path)
        }
    }

    private static var files: [(String, String)] {
        [
            ("bootstrap.py", pythonBootstrap),
            ("bootstrap.js", nodeBootstrap),
            ("log.js", nodeLog),
            ("handlers.js", nodeHandlers),
            ("sdk/resolution.js", nodeResolution),
            ("sdk/imports.js", nodeImports),
            ("sdk/imports.mjs", nodeImportsModule),
            ("sdk/services.js", nodeServices),
            ("sdk/transport.js", nodeTransport),
            ("sdk/codecs.js", nodeCodecs),
            ("sdk/clients.js", nodeClients),
            ("sdk/legacy.js", nodeLegacyClients),
            ("sdk/attributes.js", nodeAttributes),
            ("sdk/documents.js", nodeDocuments),
        ]
    }
}
