package dev.slipway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.server.http.Json;
import dev.slipway.server.http.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class WhatIfTest {
  private static final String PATH = "/api/v1/placement/what-if";

  private final World world = World.withNodes(2, 2);
  private final ApiFixture api = new ApiFixture(world);

  @AfterEach
  void stop() {
    api.close();
  }

  private RawClient.Answer send(String body) {
    return api.client.send("POST", PATH, body.replace('\'', '"'), "Content-Type: application/json");
  }

  private JsonNode ask(String body) {
    RawClient.Answer answer = send(body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return Json.mapper().readTree(answer.body());
  }

  @Test
  void tellsWhereMoreInstancesOfAnAppWouldStandAndChangesNothing() {
    world.put(World.app("/web", 1, 1));
    var before = world.state();
    JsonNode answer = ask("{'apps':[{'id':'/web','count':5}]}");

    assertThat(answer.get("fits").asBoolean()).isFalse();
    JsonNode asked = answer.get("asks").get(0);
    assertThat(asked.get("placed").asInt()).isEqualTo(3);
    assertThat(asked.get("refused").asInt()).isEqualTo(2);
    assertThat(asked.get("nodes")).isEqualTo(Json.mapper().readTree("{\"n1\":1,\"n2\":2}"));
    assertThat(asked.get("reasons").get("INSUFFICIENT_CPUS").asInt()).isEqualTo(2);
    assertThat(asked.get("why").asString()).isEqualTo("no node has room: 2 nodes lack cpus");
    assertThat(answer.get("free").get("cpus").asDouble()).isZero();
    assertThat(world.state()).isSameAs(before);
  }

  @Test
  void supposesNodes() {
    JsonNode answer =
        ask(
            """
            {'apps':[{'app':{'cpus':4,'constraints':[['disk','IS','ssd']]},'count':3}],
             'nodes':{'add':[{'capacity':{'cpus':8,'mem':1024},'attributes':{'disk':'ssd'},'count':1},
                             {'like':'n1','attributes':{'disk':'ssd'},'capacity':{'cpus':4}}]}}\
            """);

    assertThat(answer.get("fits").asBoolean()).isTrue();
    assertThat(answer.get("asks").get(0).get("app").asString()).isEqualTo("/what-if-1");
    assertThat(answer.get("nodes").valueStream().map(node -> node.get("node").asString()))
        .containsExactly("new-1", "new-2");
    assertThat(answer.get("nodes").get(0).get("added").asBoolean()).isTrue();
    assertThat(answer.get("free").get("cpus").asDouble()).isEqualTo(4);
  }

  @Test
  void tellsWhetherWhatStandsOnANodeFitsElsewhere() {
    world.put(World.app("/web", 1, 3));
    JsonNode one = ask("{'nodes':{'remove':['n2','n2']}}");
    JsonNode asked = one.get("asks").get(0);
    assertThat(asked.get("from").asString()).isEqualTo("n2");
    int stood = asked.get("wanted").asInt();
    assertThat(asked.get("placed").asInt()).isEqualTo(stood == 1 ? 0 : 1);
    assertThat(ask("{'nodes':{'remove':['n2'],'add':[{'like':'n2'}]}}").get("fits").asBoolean())
        .isTrue();
    assertThat(ask("{'nodes':{'remove':['n1','n2']}}").get("asks").get(0).get("why").asString())
        .isEqualTo("there are no nodes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | / is to be an object",
        "{'app':[]} | /app is unknown; there are apps, nodes",
        "{'apps':[{'id':'/none'}]} | there is no app '/none'",
        "{'apps':[{'id':'UPPER'}]} | /apps/0/id",
        "{'apps':[{}]} | name an app that exists, or describe one as 'app'",
        "{'apps':[{'app':{},'count':0}]} | /apps/0/count is to be a number from 1 to 10000",
        "{'apps':[{'app':{},'count':9000},{'app':{},'count':9000}]} | at most 10000 are placed",
        "{'apps':[{'app':{'cpus':1e308}}]} | /apps/0/app/cpus got 1.0E308, expected 100000.0 or"
            + " less",
        "{'apps':[{'app':{'cpus':-1}}]} | expected 0.001 or more",
        "{'apps':[{'app':{'mem':0,'constraints':[['a','LIKE','(((']]}}]} | regular expression",
        "{'nodes':{'remove':['n9']}} | there is no node 'n9'",
        "{'nodes':{'add':[{'like':'n9'}]}} | there is no node 'n9'",
        "{'nodes':{'add':[{'count':20001}]}} | /nodes/add/0/count is to be a number",
        "{'nodes':{'add':[{'count':19999}]}} | there are more than 20000 nodes",
        "{'nodes':{'add':[{'capacity':{'cpus':-1}}]}} | /nodes/add/0/capacity/cpus",
        "{'nodes':{'add':[{'capacity':{'mem':1e300}}]}} | /nodes/add/0/capacity/mem",
        "{'nodes':{'add':[{'capacity':{'gpus':0.5}}]}} | is to be a whole number",
        "{'nodes':{'add':[{'attributes':{'a':1}}]}} | is to be a text"
      })
  void refusesWhatCannotBeSupposed(String body, String why) {
    RawClient.Answer answer = send(body);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(Json.mapper().readTree(answer.body()).get("detail").asString()).contains(why);
  }

  @Test
  void answersSoonAtItsLimits() {
    ask("{'apps':[{'app':{},'count':10}],'nodes':{'add':[{'like':'n1','count':100}]}}");
    long begun = System.nanoTime();
    JsonNode answer =
        ask(
            """
            {'apps':[{'app':{'cpus':1,'mem':1},'count':9999},{'app':{'cpus':64}}],
             'nodes':{'add':[{'like':'n1','count':19998}]}}\
            """);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(WhatIfRoutes.DEADLINE);
    assertThat(answer.get("asks").get(0).get("placed").asInt()).isEqualTo(9999);
    assertThat(answer.get("asks").get(1).get("reasons").get("INSUFFICIENT_CPUS").asInt())
        .isEqualTo(20_000);
    assertThat(answer.get("nodes").size()).isEqualTo(1000);
  }
}
