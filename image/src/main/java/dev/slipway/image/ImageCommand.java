package dev.slipway.image;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Makes the image out of a checkout's build.
@Command(
    name = "slipway kubernetes image",
    mixinStandardHelpOptions = true,
    description = "Makes the container image of Slipway. No Docker is needed.",
    footer = {
      "",
      "Examples:",
      "  slipway kubernetes image --to registry.example/slipway:1",
      "  slipway kubernetes image --to tar:slipway.tar --name slipway:1",
      "  slipway kubernetes image --base tar:base.tar --to tar:slipway.tar"
    })
final class ImageCommand implements Callable<Integer> {
  private final Path home;
  private final PrintWriter out;

  @Option(
      names = "--base",
      paramLabel = "IMAGE|tar:FILE",
      description =
          "What it stands on: an image with a Java 25 runtime and a shell; ${DEFAULT-VALUE}.")
  String base = SlipwayImage.DEFAULT_BASE;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "IMAGE|tar:FILE",
      description = "Pushes it to a registry, or writes a file that 'ctr images import' reads.")
  String to = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What it is called in a file; ${DEFAULT-VALUE}.")
  String name = "slipway:latest";

  ImageCommand(Path home, PrintWriter out) {
    this.home = home;
    this.out = out;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path jars = home.resolve("cli/target/slipway/lib");
    if (!Files.isDirectory(jars)) {
      throw new IOException("there is no build in " + home + "; run it as ./slipway of a checkout");
    }
    var image =
        new SlipwayImage(
            Place.parse(base),
            Place.parse(to),
            Place.reference(name),
            jars,
            home.resolve("image/target/cache"));
    String digest = image.build();
    out.println(
        switch (image.target()) {
          case Place.Registry(var reference) -> "Pushed " + reference + " (" + digest + ")";
          case Place.Tar(Path file) -> "Wrote " + image.name() + " to " + file;
        });
    return 0;
  }
}
