namespace Bedside.Extract.Sealing;

/// <summary>How anybody checks and opens a package with programs that every Linux has (age, tar, coreutils, findutils, openssl).</summary>
internal static class Script
{
    /// <summary>
    /// Ten lines of bash, each ended by LF: <c>bash open.sh PACKAGE.tar.age KEYFILE DIGEST</c>. The last line is printed only when everything held: the head's and chunks' seals (age), the key that the
    /// public log names, its signature, every file, and no file more.
    /// </summary>
    public static string Write(string study, string name) => $$"""
        #!/usr/bin/env bash
        # bash open.sh {{name}}.tar.age KEYFILE DIGEST   (DIGEST of signer.pem: public log, {{study}})
        set -euo pipefail && export LC_ALL=C
        age --decrypt --identity "$2" "$1" | tar --extract --no-same-owner --keep-old-files
        cd {{name}}
        echo "$3  signer.pem" | sha256sum --check --strict
        openssl dgst -sha256 -verify signer.pem -signature package.sig tagmanifest-sha256.txt
        sha256sum --check --strict --quiet tagmanifest-sha256.txt manifest-sha256.txt
        diff <(cat *manifest-sha256.txt | cut -c67- | sort) <(find . ! -type d | cut -c3- | grep -vxE 'package[.]sig|tagmanifest-sha256[.]txt' | sort)
        echo "{{name}} is whole: nothing was altered, nothing is missing, nothing was added."

        """;
}
