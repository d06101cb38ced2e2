"""What a distribution without the module analysis-common lacks to keep API keys: a plugin, compiled by the test.

Elasticsearch's own index of API keys (`.security-7`) names two token filters and a tokenizer of that module for the
users' mail addresses. There are none here, so that the filters pass everything, and the tokenizer is the standard one.
Eclipse's compiler runs on any Java, also where there is no JDK.
"""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

from local_cloud.data.onprem import artifacts
from local_cloud.data.onprem.artifacts import Artifact
from local_cloud.data.onprem.java import Java

_COMPILER = Artifact(
    "org.eclipse.jdt", "ecj", "3.37.0", "jar", "cde026ff966b48b5e5f148b6f041ceff3cf4f85cf75155f4ec0f40e4ee14b545"
)
_NAME = "SecurityAnalysis"
_SOURCE = """
import java.util.Map;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

public class SecurityAnalysis extends Plugin implements AnalysisPlugin {
    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        return Map.of(
            "pattern_capture", (index, environment, name, settings) -> passing(name),
            "unique", (index, environment, name, settings) -> passing(name));
    }

    @Override
    public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
        return Map.of("uax_url_email",
            (index, environment, name, settings) -> TokenizerFactory.newFactory(name, StandardTokenizer::new));
    }

    private static TokenFilterFactory passing(String given) {
        return new TokenFilterFactory() {
            @Override public String name() { return given; }
            @Override public TokenStream create(TokenStream tokens) { return tokens; }
        };
    }
}
"""


def install(home: Path, version: str, java: Java, downloads: Path) -> None:
    """Puts the plugin into the server's folder."""
    artifacts.ensure(_COMPILER, downloads)
    folder = home / "plugins" / "security-analysis"
    folder.mkdir(parents=True)
    work = home.parent / "plugin"
    work.mkdir()
    source = work / f"{_NAME}.java"
    source.write_text(_SOURCE, encoding="utf-8")
    classes = ":".join(str(path) for path in sorted((home / "lib").glob("*.jar")))
    command = [str(java.home / "bin" / "java"), "-jar", str(downloads / _COMPILER.filename), "-nowarn"]
    command += ["-source", "11", "-target", "11", "-classpath", classes, "-d", str(work), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(folder / "security-analysis.jar", "w") as jar:
        for path in sorted(work.glob("*.class")):
            jar.write(path, path.name)
    described = {
        "name": "security-analysis",
        "description": "What the index of API keys is analysed by",
        "version": "1",
        "elasticsearch.version": version,
        "java.version": "11",
        "classname": _NAME,
    }
    text = "".join(f"{key}={value}\n" for key, value in described.items())
    (folder / "plugin-descriptor.properties").write_text(text, encoding="utf-8")
