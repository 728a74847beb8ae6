package dev.slipway.bench.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.bench.packing.PackingStudy.Figure;
import dev.slipway.bench.scheduling.Amounts;
import dev.slipway.bench.scheduling.Task;
import dev.slipway.bench.scheduling.Task.Rule;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files here are made up in the form of the published ones.
class TracesTest {
  @TempDir Path directory;

  private void write(String name, String... lines) throws IOException {
    byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    try (OutputStream file = Files.newOutputStream(directory.resolve(name));
        OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(file) : file) {
      out.write(text);
    }
  }

  @Test
  void openbTellsHostsAndTasks() throws IOException {
    write(
        "nodes.csv", "sn,cpu_milli,memory_mib,gpu,model", "a,64000,262144,2,T4", "b,32000,1024,0,");
    write(
        "openb_pod_list_tiny.csv",
        "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos",
        "p,4000,512,1,250,T4|P100,LS",
        "q,1000,512,0,0,,BE",
        "r,8000,512,2,1000,,BE");

    Trace trace = OpenbTrace.read(directory, "nodes.csv", "openb_pod_list_tiny.csv");

    assertThat(trace.name()).isEqualTo("tiny");
    assertThat(trace.hosts()).extracting(host -> host.gpus()).containsExactlyInAnyOrder(2, 0);
    assertThat(trace.tasks()).extracting(Task::milliGpus).containsExactly(250, 0, 2_000);
    assertThat(trace.tasks().getFirst().gpuModels()).containsExactly("P100", "T4");
  }

  @Test
  void proteanTakesAllThatLiveAtTheBusiestMoment() throws IOException {
    write(
        "batched_1pct_0.csv.gz",
        "vmId,tenantId,cores,ram,vmTypeId,starttime,endtime",
        "1,7,100.0,10.0,0,-3.0,inf",
        "2,7,200.0,10.0,0,1.0,2.0",
        "3,8,400.0,10.0,0,1.5,1.75",
        "4,8,100.0,10.0,0,3.0,inf");

    Fleet fleet = ProteanTrace.read(directory, "batched", new Amounts(1_000, 100));

    assertThat(fleet.tasks())
        .extracting(task -> task.request().of(0))
        .containsExactly(100L, 200L, 400L);
  }

  @Test
  void dlrmKeepsHowManyMayStandOnOneMachine() throws IOException {
    write(
        "disaggregated_DLRM_trace.csv.gz",
        "app_name,cpu_request,gpu_request,rdma_request,memory_request,disk_request,"
            + "max_instance_per_node,creation_time,deletion_time",
        "app_0,12,1,25,120.5,640.0,8,,",
        "app_1,64,0,1,320.0,255.0,-1,,5.0");

    Fleet fleet = DlrmTrace.read(directory, DlrmTrace.MACHINES.getFirst());

    assertThat(fleet.tasks()).hasSize(2);
    assertThat(fleet.tasks().getFirst().request())
        .isEqualTo(new Amounts(120, 1_205, 10, 250, 6_400));
    assertThat(fleet.tasks().getFirst().rules()).containsExactly(new Rule.AtMost("hostname", 8));
    assertThat(fleet.tasks().getLast().rules()).isEmpty();
  }

  @Test
  void missingTracesAreToldWithTheWayOut() {
    var study = new PackingStudy(directory, _ -> {}, _ -> {});

    assertThatThrownBy(study::openb)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--traces")
        .hasMessageContaining("SLIPWAY_TRACES");
  }

  @Test
  void publishedRowsWithoutTasksAreTold() throws IOException {
    Files.createDirectories(directory.resolve("alibaba-gpu-v2023"));
    Files.createDirectories(directory.resolve("fgd-results"));
    write(
        "alibaba-gpu-v2023/openb_node_list_gpu_node.csv",
        "sn,cpu_milli,memory_mib,gpu,model",
        "a,64000,262144,2,T4");
    write(
        "alibaba-gpu-v2023/openb_pod_list_cpu050.csv.gz",
        "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos",
        "p,4000,512,1,500,,LS");
    write(
        "fgd-results/analysis_allo_discrete.csv.gz",
        "workload,sc_policy,100,130",
        "openb_pod_list_cpu050,06-FGD,90,95",
        "openb_pod_list_gpuspec33,06-FGD,80,85");
    List<Figure> figures = new ArrayList<>();
    List<String> notes = new ArrayList<>();

    new PackingStudy(directory, figures::add, notes::add).openb();

    assertThat(figures.getFirst().value()).isEqualTo(1);
    assertThat(figures.getFirst().reference()).isEqualTo(2);
    assertThat(notes).singleElement().asString().contains("1 of the 2").endsWith("gpuspec33");
    assertThat(figures.getLast().policy()).isEqualTo("slipway");
    assertThat(figures.getLast().value()).isEqualTo(100);
  }

  @Test
  void brokenRowIsToldWithItsLine() throws IOException {
    write("broken.csv", "a,b", "1,2", "3");

    assertThatThrownBy(() -> CsvFile.read(directory.resolve("broken.csv")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 3");
  }

  /// Runs only where the published traces are.
  @Test
  void fragmentationDescentGivesWhatWasPublished() throws IOException {
    Path traces = Path.of(System.getenv().getOrDefault("SLIPWAY_TRACES", "../../shared/data"));
    assumeTrue(Files.isDirectory(traces.resolve("alibaba-gpu-v2023")));
    assumeTrue(Files.isDirectory(traces.resolve("fgd-results")));
    Trace trace =
        OpenbTrace.read(
            traces.resolve("alibaba-gpu-v2023"),
            "openb_node_list_gpu_node.csv",
            "openb_pod_list_default.csv");

    Arrivals.Taken ours = new Arrivals(trace).run(new FragmentationDescent(), 42);

    Arrivals.Taken published =
        PublishedResults.read(traces.resolve("fgd-results")).of("default", "06-FGD");
    assertThat(ours.atCapacity()).isCloseTo(published.atCapacity(), Offset.offset(0.5));
    assertThat(ours.atEnd()).isCloseTo(published.atEnd(), Offset.offset(0.5));
  }
}
